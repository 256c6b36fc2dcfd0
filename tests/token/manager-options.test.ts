import { describe, expect, it } from '@jest/globals'
import { checkedGrant, checkNamed, closeSettings, managerSettings } from '../../src/token/manager-options.js'
import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import { ScriptedGrant } from './scripted-grant.js'

const options = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    const { code, message } = error as Error & { code: string }
    return `${code}: ${message}`
  }
  return undefined
}
const METHODS = 'must be an object with the methods'

describe('the options of a TokenManager', () => {
  it.each([
    [{ timeout: 0 }, 'Option `timeout` must be a number of milliseconds above 0.'],
    [{ sessionTtl: -1 }, 'Option `sessionTtl` must be a number of milliseconds above 0.'],
    [{ store: {} }, `Option \`store\` ${METHODS} get, compareAndSet, lease.`],
    [{ store: { get: () => 1, compareAndSet: () => 1 } }, `Option \`store\` ${METHODS} get, compareAndSet, lease.`],
    [{ clock: {} }, `Option \`clock\` ${METHODS} now, monotonic, setTimeout, random.`],
    [{ refresh: 'never' }, "Option `refresh` must be 'background' or 'on-demand'."],
  ])('are named in the error: %j', (given, message) => {
    expect(options(() => managerSettings(given as never))).toBe(`invalid_option: ${message}`)
  })

  it('have defaults', () => {
    expect(managerSettings({})).toMatchObject({ refresh: 'background', timeout: 10_000, sessionTtl: 2_592_000_000 })
  })
})

describe('the options of close()', () => {
  it('revoke nothing by default', () => {
    expect(closeSettings({})).toEqual({ revoke: false })
    expect(closeSettings({ revoke: true })).toEqual({ revoke: true })
  })
})

describe('a grant', () => {
  it.each([true, 'yes', {}])('has a method fresh, not %p', (fresh) => {
    const grant = Object.assign(new ScriptedGrant(), { fresh })
    expect(options(() => checkedGrant(grant as never))).toBe('invalid_option: Option `fresh` must be a function.')
  })

  it('of a user names whose tokens it gets where others are kept too', () => {
    const grant = Object.assign(new ScriptedGrant(), { userBound: true })
    const message =
      'Option `subject` must say whose tokens these are, where others’ tokens are kept too: give the user’s id.'
    expect(options(() => checkNamed(grant))).toBe(`invalid_option: ${message}`)
    expect(options(() => checkedGrant(grant, new MemoryTokenStore()))).toBe(`invalid_option: ${message}`)
    expect(options(() => checkedGrant(grant))).toBeUndefined()
  })
})

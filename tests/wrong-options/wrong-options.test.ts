import { describe, expect, it } from '@jest/globals'
import { staticToken } from '../../src/index.js'
import { Iteration } from '../../src/paging/iteration.js'
import { refusals } from './cases.js'
import type { Call } from './cases.js'
import { CORE_CASES } from './core.js'
import { CXONE_CALLS, CXONE_CASES, neededByCxone } from './cxone.js'
import { GENESYS_CALLS, GENESYS_CASES, neededByGenesys } from './genesys.js'
import { CREDENTIALS, GRANT_CALLS, GRANT_CASES, neededByGrant } from './grants.js'

/** Of options whose error has a code of its own. A list of origins may be wrong, or an origin in it. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  checkpoint: ['invalid_checkpoint'],
  interval: ['invalid_interval'],
  origins: ['invalid_option', 'invalid_origin'],
  'access token': ['token_malformed'],
}

describe.each([
  ['the core', CORE_CASES],
  ['a grant', GRANT_CASES],
  ['GenesysCloud', GENESYS_CASES],
  ['Cxone', CXONE_CASES],
])('%s rejects a wrong value at once, with an error that names the option', (_entry, cases) => {
  it.each(cases)('%s', async (option, wrong, call) => {
    for (const { code, message, retryable } of await refusals(wrong, call)) {
      expect(CODES[option] ?? ['invalid_option']).toContain(code)
      expect(message).toContain(option)
      expect(retryable).toBe(false)
    }
  })
})

describe('an option that is undefined has its default', () => {
  it.each(GRANT_CALLS)('in %s', (name, grant, options) => {
    const needed = neededByGrant(name)
    const absent = options.filter(([option]) => !Object.hasOwn(needed, option) && !CREDENTIALS.includes(option))
    expect(() => grant({ ...needed, ...allUndefined(absent) } as never)).not.toThrow()
  })

  it.each([
    ...GENESYS_CALLS.filter(takesSignal).map(
      ([name, ...rest]) => [`genesys.${name}`, neededByGenesys(name), ...rest] as const,
    ),
    ...CXONE_CALLS.filter(takesSignal).map(
      ([name, ...rest]) => [`cxone.${name}`, neededByCxone(name), ...rest] as const,
    ),
  ])('in %s', async (_name, needed, call, options) => {
    const signal = AbortSignal.abort('not sent')
    const result = call({ ...allUndefined(options), ...needed, signal } as never)
    if (result instanceof Iteration) {
      const clean = (call({ ...needed, signal } as never) as Iteration<unknown>).checkpoint()
      expect(result.checkpoint()).toBe(clean)
      // As it comes from a database that has none yet.
      expect((call({ ...needed, checkpoint: null } as never) as Iteration<unknown>).checkpoint()).toBe(clean)
    } else await expect(result).rejects.toBe('not sent')
  })

  it('and a null signal is none, as in fetch', async () => {
    const source = staticToken('t')
    const token = await source.getToken({ signal: null as never, rejected: null as never })
    expect(token.reveal()).toBe('t')
    expect(await source.getToken({ signal: new AbortController().signal })).toBe(token)
  })
})

describe('a credential that is undefined is rejected, since a variable may be unset', () => {
  it.each(GRANT_CALLS)('in %s', (name, grant) => {
    for (const option of CREDENTIALS.filter((option) => option !== 'actorToken' || name === 'tokenExchange')) {
      expect(() => grant({ ...neededByGrant(name), [option]: undefined } as never)).toThrow(
        `Option \`${option}\` is undefined: the variable that it comes from may be unset.`,
      )
    }
  })
})

function takesSignal([, , options]: Call): boolean {
  return options.some(([option]) => option === 'signal')
}

function allUndefined(options: readonly (readonly [string, ...unknown[]])[]): Record<string, undefined> {
  return Object.fromEntries(options.map(([option]) => [option, undefined]))
}

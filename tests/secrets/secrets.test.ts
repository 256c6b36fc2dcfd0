import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { ERROR_CODES, EverbearerError } from '../../src/base/errors.js'
import type { ErrorCode } from '../../src/base/errors.js'
import { reachableText } from '../base/reachable.js'
import { closeServers } from '../http/loopback.js'
import { BASIC, CANARY, FAILURE_PATHS, SECRET, startScene, TOKEN } from './failure-paths.js'

/** Every channel that docs/telemetry.md tells of. */
const page = readFileSync(join(import.meta.dirname, '../../docs/telemetry.md'), 'utf8')
const CHANNELS = [...page.matchAll(/^\| `(everbearer:[a-z-]+)`/gm)].map(([, name]) => String(name))

/** Shows what stands around a secret, not all that was searched. */
function expectSilence(text: string): void {
  for (const secret of [CANARY, BASIC]) {
    const at = text.toLowerCase().indexOf(secret.toLowerCase())
    expect(at < 0 ? 'nothing' : text.slice(Math.max(0, at - 200), at + 100)).toBe('nothing')
  }
}

const said: unknown[] = []
const told = (...words: unknown[]) => void said.push(...words)
const consoleMethods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const

beforeEach(() => {
  said.length = 0
  for (const name of CHANNELS) subscribe(name, told)
  for (const method of consoleMethods) jest.spyOn(console, method).mockImplementation(told)
  process.on('warning', told)
})
afterEach(() => {
  for (const name of CHANNELS) unsubscribe(name, told)
  process.off('warning', told)
  jest.restoreAllMocks()
  closeServers()
})

describe('no secret is reachable from what is thrown, told, printed or held, when it ends in [R14]', () => {
  const codes = ERROR_CODES.filter((code) => typeof FAILURE_PATHS[code] === 'function')

  it.each(codes)('%s', async (code: ErrorCode) => {
    const path = FAILURE_PATHS[code]
    if (typeof path === 'string') return
    const scene = await startScene()
    const thrown: unknown[] = []
    await path(scene, async (fail) => {
      try {
        await fail()
        thrown.push(new Error('It did not fail'))
      } catch (error) {
        thrown.push(error)
      }
    })
    await scene.close()

    expect(thrown.length).toBeGreaterThan(0)
    for (const error of thrown) {
      expect(error).toBeInstanceOf(EverbearerError)
      expect((error as EverbearerError).code).toBe(code)
      expectSilence(reachableText(error))
    }
    for (const one of [...said, ...scene.held]) expectSilence(reachableText(one))
    expectSilence(inspect(scene.grant(), { showHidden: true, depth: Infinity }) + JSON.stringify(scene.grant()))
  })
})

describe('the list of failures', () => {
  it('has each code, and says why where there is none', () => {
    expect(Object.keys(FAILURE_PATHS).sort()).toEqual([...ERROR_CODES].sort())
    const reasons = Object.values(FAILURE_PATHS).filter((path) => typeof path === 'string')
    for (const reason of reasons) expect(reason).toMatch(/\w{2}.*\.$/)
    expect(reasons.length).toBeLessThanOrEqual(1)
  })

  it('hears every channel that is published on', () => {
    expect(CHANNELS).toHaveLength(15)
  })
})

describe('the search', () => {
  it('would find a secret in any place', () => {
    const places: unknown[] = [
      new Error(SECRET),
      new Error('x', { cause: { headers: [['authorization', TOKEN]] } }),
      new AggregateError([new Error(SECRET)], 'x'),
      Object.assign(new Error('x'), { [Symbol(SECRET)]: 1 }),
      Object.defineProperty({}, 'hidden', { value: SECRET, enumerable: false }),
      Object.defineProperty({}, 'late', { get: () => SECRET }),
      new (class {
        get inherited() {
          return TOKEN
        }
      })(),
      new Map([[{ a: 1 }, new Set([SECRET])]]),
      { data: Buffer.from(SECRET), view: new Uint8Array(Buffer.from(TOKEN)) },
      { url: new URL(`https://a.example/?k=${CANARY}`) },
      { headers: new Headers({ a: TOKEN }) },
      Object.assign(() => undefined, { secret: SECRET }),
      { toJSON: () => SECRET },
      { [inspect.custom]: () => SECRET },
    ]
    for (const place of places) expect(() => expectSilence(reachableText(place))).toThrow()
    expect(() => expectSilence(reachableText(`Basic ${BASIC}`))).toThrow()
    expectSilence(reachableText({ fine: [new Map(), new Error('x')] }))
  })
})

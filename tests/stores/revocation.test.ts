import { describe, expect, it } from '@jest/globals'
import { createFetch, MemoryTokenStore, TokenManager } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'

const LIFETIME = 100_000

/** Managers of several processes that share one client's tokens, and an API that refuses those up to some number. */
function fleet(size: number) {
  let chance = 0
  const clock = new FakeClock({ random: () => chance })
  const store = new MemoryTokenStore({ clock })
  const grant = new ScriptedGrant(({ number }) => tokens(`token-${number}`, { lifetime: LIFETIME }))
  const managers = Array.from({ length: size }, () => new TokenManager(grant, { clock, store, refresh: 'on-demand' }))
  const server = { refusedUpTo: 0, calls: [] as string[] }
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    const token = new Headers(init?.headers).get('authorization')!.split(' ')[1]!
    server.calls.push(token)
    const status = Number(token.split('-')[1]) > server.refusedUpTo ? 200 : 401
    return new Response('', { status })
  }
  const origins = ['https://api.example.com']
  const fetches = managers.map((manager) => createFetch(manager, { origins, fetch }))
  const call = async (number: number) => (await fetches[number]!(origins[0]!)).status
  return { clock, grant, managers, server, call, setChance: (value: number) => (chance = value) }
}

describe('a revocation of all tokens', () => {
  it('while one process still has the older of two costs no call, and one token request', async () => {
    const { clock, grant, managers, server, call } = fleet(2)
    expect([await call(0), await call(1)]).toEqual([200, 200])
    await clock.advance(0.8 * LIFETIME)
    managers[0]!.invalidate()
    await managers[0]!.getToken()
    expect(managers[1]!.current()?.reveal()).toBe('token-1')
    server.refusedUpTo = 2
    server.calls.length = 0
    expect([await call(1), await call(0)]).toEqual([200, 200])
    expect(server.calls).toEqual(['token-1', 'token-2', 'token-3', 'token-2', 'token-3'])
    expect(grant.count).toBe(3)
  })

  it('that a hundred processes see at once causes one token request', async () => {
    const { grant, server, call } = fleet(100)
    const all = () => Promise.all(Array.from({ length: 100 }, (_, number) => call(number)))
    await all()
    expect(grant.count).toBe(1)
    server.refusedUpTo = 1
    expect(await all()).toEqual(Array(100).fill(200))
    expect(grant.count).toBe(2)
  })
})

describe('an API that refuses every token', () => {
  it('costs ten processes hardly more token requests than one', async () => {
    const requests: number[] = []
    for (const size of [1, 10]) {
      const { clock, grant, server, call } = fleet(size)
      server.refusedUpTo = Infinity
      for (let second = 0; second < 120; second++) {
        for (let number = 0; number < size; number++) expect(await call(number)).toBe(401)
        await clock.advance(1_000)
      }
      requests.push(grant.count)
    }
    const [alone, together] = requests as [number, number]
    expect(alone).toBeLessThan(10)
    expect(together).toBeLessThan(3 * alone)
  })
})

/**
 * A cache compares requests before the token is on them, and Bob is served Alice's answer. Measured with undici 7.30.2's
 * `cache` and `deduplicate` outside a stamping interceptor: `['data of Bearer alice', 'data of Bearer alice']` with one
 * request at the server; the same idea in CVE-2026-44457.
 *
 * everbearer refuses to work directly inside either, each time, and inside it both are safe.
 */
import { describe, expect, it } from '@jest/globals'
import { interceptors, request } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback, read } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import { formOf, tokensFrom, together } from './issuer.js'

type Interceptor = Dispatcher.DispatcherComposeInterceptor

const SHARING: [name: string, make: () => Interceptor][] = [
  ['cache', () => interceptors.cache()],
  ['deduplicate', () => interceptors.deduplicate()],
]
const PEOPLE = ['alice', 'bob']

async function scene() {
  const issuer = await loopback(async (incoming, outgoing) => {
    const { user = '' } = formOf(await read(incoming))
    json(outgoing, 200, { access_token: user, token_type: 'Bearer', expires_in: 3600 })
  })
  // Slow enough for two requests to meet.
  const things = await loopback((incoming, outgoing) => {
    const response = () =>
      outgoing.writeHead(200, { 'cache-control': 'max-age=600' }).end(`data of ${incoming.headers.authorization}`)
    setTimeout(response, 20)
  })
  const stamps = PEOPLE.map((user) =>
    bearer(tokensFrom(issuer, { parameters: { user } }), { origins: [things.origin] }),
  )
  return { things, stamps }
}

const get = async ({ origin }: Loopback, dispatcher: Dispatcher) => (await request(origin, { dispatcher })).body.text()

/** Alice and Bob ask at once, and again. */
async function asked(things: Loopback, dispatchers: Dispatcher[]): Promise<string[]> {
  const once = () => together(4, (i) => get(things, dispatchers[i % 2]!))
  return [...(await once()), ...(await once())]
}

describe.each(SHARING)('%s', (name, make) => {
  it('outside an interceptor that stamps: one is served what is the other’s', async () => {
    const { things } = await scene()
    const stamp =
      (user: string): Interceptor =>
      (dispatch) =>
      (options, handler) =>
        dispatch({ ...options, headers: { authorization: `Bearer ${user}` } }, handler)
    // What a service does that chooses the user for each request, inside one shared cache.
    let turn = 0
    const chosen: Interceptor = (dispatch) => {
      const each = PEOPLE.map((user) => stamp(user)(dispatch))
      return (options, handler) => each[turn++ % 2]!(options, handler)
    }
    const dispatcher = agent(chosen, make())
    const responses = await together(2, () => get(things, dispatcher))
    if (name === 'cache') responses.push(await get(things, dispatcher))
    expect(new Set(responses).size).toBeLessThan(responses.length)
  })

  it('outside bearer: refused each time, and nothing is sent', async () => {
    const { things, stamps } = await scene()
    const shared = make()
    const dispatchers = stamps.map((stamp) => agent(stamp, shared))
    for (let i = 0; i < 4; i++) {
      await expect(get(things, dispatchers[i % 2]!)).rejects.toMatchObject({ code: 'unsafe_composition' })
    }
    expect(things.hits).toEqual([])
  })

  it('inside bearer, shared by both: each is served what is theirs', async () => {
    const { things, stamps } = await scene()
    const shared = agent(make(), interceptors.redirect({}), interceptors.retry())
    const responses = await asked(
      things,
      stamps.map((stamp) => shared.compose(stamp)),
    )
    expect(responses).toEqual(responses.map((_, i) => `data of Bearer ${PEOPLE[i % 2]}`))
    if (name === 'deduplicate') expect(things.hits.length).toBeLessThan(responses.length)
  })
})

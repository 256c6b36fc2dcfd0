/**
 * The caller has an `authorization` header of its own, in some case, and the interceptor appends another. Node's server
 * reads the first, so the token is ignored; others read the last, or join them. A careless stamper makes what
 * CVE-2026-1525 was about: two headers that differ in case.
 *
 * On everbearer's wire there is exactly one, and it is the token, or the caller's with `keepAuthorization`.
 */
import { describe, expect, it } from '@jest/globals'
import { Headers as HeadersOfUndici, request } from 'undici'
import type { Dispatcher } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>

const SPELLINGS = ['authorization', 'Authorization', 'AUTHORIZATION', 'aUTHORIZATION']
const FORMS: [name: string, make: (...names: string[]) => Headers][] = [
  ['an object', (...names) => Object.fromEntries(names.map((name) => [name, 'Basic own']))],
  ['a flat array', (...names) => names.flatMap((name) => [name, 'Basic own'])],
  [
    'Headers',
    (...names) => new HeadersOfUndici(names.slice(0, 1).map((name): [string, string] => [name, 'Basic own'])),
  ],
  ['a Map', (...names) => new Map(names.map((name) => [name, 'Basic own'])) as never],
]

async function scene() {
  const issuer = await loopback(mints())
  const things = await loopback(api('token-2'))
  const tokens = tokensFrom(issuer)
  return { things, tokens, origins: [things.origin] }
}

it('appended to a flat array, the token is ignored', async () => {
  const { things } = await scene()
  const appending = agent((dispatch) => (options, handler) => {
    return dispatch({ ...options, headers: [...(options.headers as string[]), 'authorization', 'Bearer t'] }, handler)
  })
  await request(things.origin, { dispatcher: appending, headers: ['authorization', 'Basic own'] })
  expect(things.hits[0]).toMatchObject({
    authorization: ['Basic own', 'Bearer t'],
    headers: { authorization: 'Basic own' },
  })
})

describe.each(FORMS)('a caller’s Authorization in %s', (_name, make) => {
  it.each(SPELLINGS)('spelled %s is replaced, and so it is on the replay', async (name) => {
    const { things, tokens, origins } = await scene()
    const headers = make(name)
    const { statusCode } = await request(things.origin, { dispatcher: agent(bearer(tokens, { origins })), headers })
    expect(statusCode).toBe(200)
    expect(things.hits.map(({ authorization }) => authorization)).toEqual([['Bearer token-1'], ['Bearer token-2']])
  })

  it('given in several spellings is replaced all the same', async () => {
    const { things, tokens, origins } = await scene()
    await request(things.origin, { dispatcher: agent(bearer(tokens, { origins })), headers: make(...SPELLINGS) })
    expect(things.hits.map(({ authorization }) => authorization)).toEqual([['Bearer token-1'], ['Bearer token-2']])
  })

  it('is alone with keepAuthorization', async () => {
    const { things, tokens, origins } = await scene()
    const dispatcher = agent(bearer(tokens, { origins, keepAuthorization: true }))
    await request(things.origin, { dispatcher, headers: make('AUTHORIZATION') })
    expect(things.hits.map(({ authorization }) => authorization)).toEqual([['Basic own']])
  })
})

it.each(SPELLINGS)('createFetch replaces %s', async (name) => {
  const { things, tokens, origins } = await scene()
  await createFetch(tokens, { origins })(things.origin, { headers: { [name]: 'Basic own' } })
  expect(things.hits.map(({ authorization }) => authorization)).toEqual([['Bearer token-1'], ['Bearer token-2']])
})

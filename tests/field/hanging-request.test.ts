/**
 * An interceptor waits for a token inside an async `dispatch`. When there is none the promise rejects, but undici 7 expects
 * a boolean: the caller waits for ever, and the process hears of an unhandled rejection. undici-oidc-interceptor 0.9.0
 * returns promises from `dispatch` as well.
 *
 * everbearer's `dispatch` returns at once and tells the request's own handler: whoever sent it gets the reason.
 */
import { describe, expect, it, test } from '@jest/globals'
import { pipeline as streamPipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { runSource } from '../base/run-source.js'
import { json } from '../grants/authorization-server.js'
import { agent, builtInFetch, undiciFetch } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { tokensFrom } from './issuer.js'

const WAYS: [name: string, send: (dispatcher: Dispatcher, origin: string) => Promise<unknown>][] = [
  ['request', (dispatcher, origin) => dispatcher.request({ origin, path: '/', method: 'POST', body: 'x' })],
  [
    'stream',
    (dispatcher, origin) =>
      dispatcher.stream({ origin, path: '/', method: 'GET' }, () => new Writable({ write: (_1, _2, done) => done() })),
  ],
  [
    'pipeline',
    (dispatcher, origin) =>
      streamPipeline(
        ['x'],
        dispatcher.pipeline({ origin, path: '/', method: 'PUT' }, ({ body }) => body),
        new Writable({ write: (_1, _2, done) => done() }),
      ),
  ],
  ['upgrade', (dispatcher, origin) => dispatcher.upgrade({ origin, path: '/', protocol: 'websocket' } as never)],
  ["undici's fetch", (dispatcher, origin) => undiciFetch(dispatcher)(origin)],
  ['the built-in fetch', (dispatcher, origin) => builtInFetch(dispatcher)(origin)],
]

/** fetch wraps what a dispatcher tells it; the built-in one, which is not of Jest's realm, wraps its text. */
const reasonOf = (error: Error) => String(error.name === 'TypeError' ? error.cause : error)

describe('without a token', () => {
  it.each(WAYS)('%s fails with the reason, at once and later, and nothing is sent', async (_name, send) => {
    const issuer = await loopback((_incoming, outgoing) => json(outgoing, 401, { error: 'invalid_client' }))
    const things = await loopback()
    const dispatcher = agent(bearer(tokensFrom(issuer), { origins: [things.origin] }))
    const failure = () => send(dispatcher, things.origin).then(() => undefined, reasonOf)
    expect(await failure()).toContain('TokenError: The authorization server refused: invalid_client.')
    expect(await failure()).toContain('TokenError: The authorization server is left alone')
    expect(things.hits).toEqual([])
  })

  it('createFetch fails with the reason, and nothing is sent', async () => {
    const issuer = await loopback((_incoming, outgoing) => json(outgoing, 401, { error: 'invalid_client' }))
    const things = await loopback()
    const fetch = createFetch(tokensFrom(issuer), { origins: [things.origin] })
    await expect(fetch(things.origin)).rejects.toMatchObject({ code: 'token_denied' })
    expect(things.hits).toEqual([])
  })

  it('dispatch returns true, synchronously', async () => {
    const issuer = await loopback()
    const dispatch = bearer(tokensFrom(issuer), { origins: ['https://api.test'] })(() => true)
    const returned = await new Promise((resolve) => {
      const value = dispatch(
        { origin: 'https://api.test', path: '/', method: 'GET' },
        { onResponseError: () => resolve(value) },
      )
    })
    expect(returned).toBe(true)
  })
})

test.each([
  ['an async dispatch that throws', 'naive', 'unhandled\nstill waiting\n'],
  ['bearer', 'bearer(tokens, { origins: [url] })', 'failed: token_denied\n'],
])('a process with %s', async (_name, interceptor, expected) => {
  const issuer = await loopback((_incoming, outgoing) => json(outgoing, 401, { error: 'invalid_client' }))
  const things = await loopback()
  const output = await runSource(`
    import { Agent, request } from 'undici'
    import { TokenManager, bearer, clientCredentials } from './src/index.ts'
    process.on('unhandledRejection', () => console.log('unhandled'))
    const url = '${things.origin}'
    const tokens = new TokenManager(
      clientCredentials({ tokenEndpoint: '${issuer.origin}/token', clientId: 'id', clientSecret: 'x' }),
    )
    const naive = (dispatch) => async (options, handler) => {
      const { authorization } = await tokens.getToken()
      return dispatch({ ...options, headers: { authorization } }, handler)
    }
    const waiting = new Promise((resolve) => setTimeout(resolve, 300, 'still waiting'))
    const answer = request(url, { dispatcher: new Agent().compose(${interceptor}) })
    console.log(await Promise.race([waiting, answer.catch((error) => 'failed: ' + error.code)]))
    process.exit()
  `)
  expect(output).toBe(expected)
})

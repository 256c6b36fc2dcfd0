/**
 * A and B wait for the same token request. A gives up, its signal was wired into the shared request, and B fails with
 * `AbortError from caller A`: Azure's core-rest-pipeline 1.24.0. In golang/oauth2#388 a context that ended long ago ends a
 * later refresh; other libraries do not heed the signal at all.
 *
 * In everbearer a signal ends the wait of its own caller, at once, and nothing else.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { mints, tokensFrom, together, until } from './issuer.js'

const messageOf = (error: unknown) => (error as Error).message

async function slow() {
  let response!: () => void
  const gate = new Promise<void>((resolve) => (response = resolve))
  const issuer = await loopback()
  const mint = mints()
  issuer.listener = async (...args) => {
    await gate
    return mint(...args)
  }
  const things = await loopback(api('token-1'))
  const tokens = tokensFrom(issuer)
  const origins = [things.origin]
  const dispatcher = agent(bearer(tokens, { origins }))
  const fetch = createFetch(tokens, { origins })
  const ways: [name: string, send: (signal?: AbortSignal) => Promise<number>][] = [
    ['request', async (signal) => (await request(things.origin, { dispatcher, signal: signal ?? null })).statusCode],
    ['createFetch', async (signal) => (await fetch(things.origin, { signal: signal ?? null })).status],
    ['getToken', async (signal) => Number(Boolean(await tokens.getToken(signal ? { signal } : {}))) * 200],
  ]
  return { issuer, things, response, ways }
}

test('of those who wait for one token request, those who give up fail at once, and all others are served', async () => {
  const { issuer, things, response, ways } = await slow()
  const controllers = ways.map(() => new AbortController())
  const leaving = ways.map(([name, send], i) =>
    send(controllers[i]!.signal).catch((error: unknown) => `${name}: ${messageOf(error)}`),
  )
  const staying = together(30, (i) => ways[i % 3]![1]())
  await until(() => issuer.hits.length === 1)
  controllers.forEach((controller, i) => controller.abort(new Error(`abort of ${ways[i]![0]}`)))
  // The server has not answered yet.
  expect(await Promise.all(leaving)).toEqual(ways.map(([name]) => `${name}: abort of ${name}`))
  expect(things.hits).toEqual([])
  response()
  expect(await staying).toEqual(Array(30).fill(200))
  expect(issuer.hits).toHaveLength(1)
})

test('when all have given up, the one who comes next finds the same request under way', async () => {
  const { issuer, response, ways } = await slow()
  const controller = new AbortController()
  const leaving = ways.map(([, send]) => send(controller.signal).catch(messageOf))
  await until(() => issuer.hits.length === 1)
  controller.abort(new Error('enough'))
  expect(await Promise.all(leaving)).toEqual(['enough', 'enough', 'enough'])
  const next = ways[0]![1]()
  response()
  expect(await next).toBe(200)
  expect(issuer.hits).toHaveLength(1)
})

test('a signal that was aborted before starts nothing', async () => {
  const { issuer, things, ways } = await slow()
  for (const [, send] of ways) await expect(send(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  expect([issuer.hits, things.hits]).toEqual([[], []])
})

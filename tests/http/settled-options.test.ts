import { afterEach, expect, test } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { settledOptions } from '../../src/http/settled-options.js'
import { agent, closeAgents } from './agents.js'
import { api, closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

/** A dispatcher whose token is awaited first and then refused, so that every request is sent twice. */
async function waitingAgent() {
  const server = await loopback(api('two'))
  const source = new ScriptedSource(['one', 'two'], { ready: false })
  return { server, dispatcher: agent(bearer(source, { origins: [server.origin] })) }
}

test('an origin that the caller changes while the token is awaited stays the one that was checked', async () => {
  const { server, dispatcher } = await waitingAgent()
  const elsewhere = await loopback()
  const origin = new URL(server.origin)
  const answer = dispatcher.request({ origin, path: '/', method: 'GET' })
  origin.port = String(elsewhere.port)
  expect((await answer).statusCode).toBe(200)
  expect(elsewhere.hits).toEqual([])
  expect(server.tokens()).toEqual(['one', 'two'])
})

test('one query for several requests: each is sent, twice, as it was called', async () => {
  const { server, dispatcher } = await waitingAgent()
  const query = { page: 0, id: ['a'] }
  const requests = [1, 2, 3].map((page) => {
    query.page = page
    query.id[0] = `of ${page}`
    return dispatcher.request({ origin: server.origin, path: '/', method: 'GET', query })
  })
  await Promise.all(requests)
  const paths = new Set(server.hits.map(({ path }) => path))
  expect(paths).toEqual(new Set(['/?page=1&id=of%201', '/?page=2&id=of%202', '/?page=3&id=of%203']))
})

test('options without such objects are not copied', () => {
  const options: Dispatcher.DispatchOptions = { origin: 'https://a.example', path: '/', method: 'GET' }
  expect(settledOptions(options)).toBe(options)
})

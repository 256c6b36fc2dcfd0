import { afterEach, describe, expect, test } from '@jest/globals'
import { createFetch } from '../../src/http/create-fetch.js'
import type { CreateFetchOptions } from '../../src/http/create-fetch.js'
import { api, closeServers, loopback } from '../http/loopback.js'
import { ScriptedSource } from '../http/scripted-source.js'
import { CALLERS } from './callers.js'

afterEach(closeServers)

/** More than is kept of a body that can be read only once. */
const LARGE = { text: '~'.repeat(100_000) }

type Name = keyof typeof CALLERS

describe('a large body that a 401 answers', () => {
  /** What reaches the API. */
  async function attempts(client: Name, options: Partial<CreateFetchOptions> = {}): Promise<string[]> {
    const server = await loopback(api('t2'))
    const fetch = createFetch(new ScriptedSource(['t1', 't2']), { origins: [server.origin], ...options })
    // What it makes of the answer is not looked at.
    await CALLERS[client](fetch, server.origin)(LARGE).catch(() => undefined)
    return server.hits.map(
      ({ authorization, body }) => `${authorization.join()}: ${body?.toString().match(/~+/)?.[0].length}`,
    )
  }

  test.each<Name>(['axios without Request', 'graphql-request', 'Model Context Protocol', 'ofetch', 'openai'])(
    'is sent again at any size by %s',
    async (client) => {
      expect(await attempts(client)).toEqual(['Bearer t1: 100000', 'Bearer t2: 100000'])
    },
  )
  test.each<Name>(['axios', 'ky', 'openapi-fetch'])('is sent again by %s up to maxReplayBytes', async (client) => {
    expect(await attempts(client)).toEqual(['Bearer t1: 100000'])
    expect(await attempts(client, { maxReplayBytes: 200_000 })).toEqual(['Bearer t1: 100000', 'Bearer t2: 100000'])
  })
})

describe('a TokenError', () => {
  const denied = expect.objectContaining({ name: 'TokenError', code: 'token_denied' })

  function call(client: Name): Promise<unknown> {
    const fetch = createFetch(new ScriptedSource([], { ready: false }), { origins: ['https://api.example.com'] })
    return CALLERS[client](fetch, 'https://api.example.com')({ text: '~' })
  }

  test.each<Name>(['graphql-request', 'ky', 'Model Context Protocol', 'openapi-fetch'])(
    'is thrown by %s as it is',
    async (client) => {
      await expect(call(client)).rejects.toEqual(denied)
    },
  )
  test.each([
    ['axios', { isAxiosError: true, code: 'token_denied' }],
    ['ofetch', { name: 'FetchError' }],
    ['openai', { message: 'Connection error.' }],
  ] as const)('is the cause of what %s throws', async (client, error) => {
    await expect(call(client)).rejects.toMatchObject({ ...error, cause: denied })
  })
})

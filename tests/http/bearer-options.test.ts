import { afterEach, describe, expect, test } from '@jest/globals'
import { Agent } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import type { BearerOptions } from '../../src/http/bearer-options.js'
import { createFetch } from '../../src/http/create-fetch.js'
import type { AccessToken } from '../../src/token/access-token.js'
import { staticToken } from '../../src/token/static-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { closeServers, loopback } from './loopback.js'

afterEach(closeServers)

const origins = ['https://api.example.com']
const invalid: unknown = expect.objectContaining({ code: 'invalid_option' })

describe.each([
  ['bearer', bearer],
  ['createFetch', createFetch],
])('%s', (_name, make: (source: TokenSource, options: BearerOptions) => unknown) => {
  test.each([['a bare token'], [undefined], [{ requestToken: () => undefined }], [{ current: () => undefined }]])(
    'refuses what is no source of tokens before any request: %j',
    (source) => {
      expect(() => make(source as unknown as TokenSource, { origins })).toThrow(invalid)
    },
  )

  test.each([['a bare token'], [{}]])('sends nothing with what a source gives for a token: %j', async (token) => {
    const api = await loopback()
    const odd = {
      current: () => token as unknown as AccessToken,
      getToken: () => Promise.reject(new Error('unasked')),
    }
    const made = make(odd, { origins: [api.origin] })
    const sent =
      make === bearer
        ? new Agent().compose(made as never).request({ origin: api.origin, path: '/', method: 'GET' })
        : (made as typeof fetch)(api.origin)
    await expect(sent).rejects.toMatchObject({ code: 'token_malformed' })
    expect(api.hits).toEqual([])
  })

  test('refuses options that are missing, and a hook that is no function', () => {
    expect(() => make(staticToken('one'), undefined as never)).toThrow(invalid)
    expect(() => make(staticToken('one'), { origins, isTokenRejected: 5 as never })).toThrow(invalid)
  })

  test.each([-1, NaN])('refuses to keep %d bytes', (maxReplayBytes) => {
    expect(() => make(staticToken('one'), { origins, maxReplayBytes })).toThrow(invalid)
  })

  test('names the origin that is none', () => {
    expect(() => make(staticToken('one'), { origins: [...origins, 'nowhere'] })).toThrow(/origins\[1\]/)
  })
})

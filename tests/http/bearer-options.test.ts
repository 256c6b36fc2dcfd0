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
const invalid = (message: string): unknown => expect.objectContaining({ code: 'invalid_option', message })

describe.each([
  ['bearer', bearer],
  ['createFetch', createFetch],
])('%s', (name, make: (source: TokenSource, options: BearerOptions) => unknown) => {
  test.each([['a bare token'], [undefined], [{ requestToken: () => undefined }], [{ current: () => undefined }]])(
    'refuses what is no source of tokens before any request: %j',
    (source) => {
      expect(() => make(source as unknown as TokenSource, { origins })).toThrow(
        invalid('The first argument must be a source of tokens: a TokenManager, or staticToken(…).'),
      )
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
    await expect(sent).rejects.toMatchObject({
      code: 'token_malformed',
      message: 'The source of tokens gave something that is no AccessToken.',
    })
    expect(api.hits).toEqual([])
  })

  test.each<[unknown, string]>([
    [undefined, 'Option `origins` is missing: say where the token may go.'],
    ['https://api.example.com', `The options of ${name} must be an object.`],
    [{}, 'Option `origins` must be an array of at least one origin.'],
    [{ origins: [] }, 'Option `origins` must be an array of at least one origin.'],
    [{ origins, isTokenRejected: 5 }, 'Option `isTokenRejected` must be a function.'],
    [{ origins, keepAuthorization: 'false' }, 'Option `keepAuthorization` must be true or false.'],
    [{ origins, clock: {} }, 'Option `clock` must be an object with the methods now, monotonic, setTimeout, random.'],
    ...[-1, NaN, '1'].map((bytes): [unknown, string] => [
      { origins, maxReplayBytes: bytes },
      'Option `maxReplayBytes` must be a number of bytes from 0 up.',
    ]),
  ])('refuses %j, and says what it wants', (options, message) => {
    expect(() => make(staticToken('one'), options as never)).toThrow(invalid(message))
  })

  test('names the origin that is none', () => {
    expect(() => make(staticToken('one'), { origins: [...origins, 'nowhere'] })).toThrow(/origins\[1\]/)
  })
})

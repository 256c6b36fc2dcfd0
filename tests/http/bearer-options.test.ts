import { describe, expect, test } from '@jest/globals'
import { bearer } from '../../src/http/bearer.js'
import type { BearerOptions } from '../../src/http/bearer-options.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { staticToken } from '../../src/token/static-token.js'
import type { TokenSource } from '../../src/token/token-source.js'

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

  test.each([-1, NaN])('refuses to keep %d bytes', (maxReplayBytes) => {
    expect(() => make(staticToken('one'), { origins, maxReplayBytes })).toThrow(invalid)
  })

  test('names the origin that is none', () => {
    expect(() => make(staticToken('one'), { origins: [...origins, 'nowhere'] })).toThrow(/origins\[1\]/)
  })
})

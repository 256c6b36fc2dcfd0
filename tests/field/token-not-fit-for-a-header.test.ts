/**
 * A token with a line break, a tab, a space or an é in it. undici 7.30.2 refuses CR, LF and NUL, as it did not
 * always (CVE-2022-31150), and sends the others as they are: the server may well see another value than was issued.
 *
 * everbearer takes what RFC 6750 section 2.1 allows, and the signs that Salesforce and Meta use beside that; everything else
 * it calls `token_malformed` before anything is sent.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import { reachableText } from '../base/reachable.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { tokensFrom } from './issuer.js'

const UNFIT = [
  '\r',
  '\n',
  '\r\nx-injected: 1',
  '\0',
  '\t',
  ' ',
  'é',
  '\u0080',
  '\u2028',
  '\ud83d\ude00',
  '\ud800',
  '"',
  ',',
  ';',
]
const PLACES: [name: string, place: (text: string) => string][] = [
  ['at its end', (text) => `canary${text}`],
  ['in the middle', (text) => `can${text}ary`],
  ['at its beginning', (text) => `${text}canary`],
]

test('undici sends an é, a tab and a space', async () => {
  const things = await loopback()
  for (const text of ['é', '\t', ' '])
    await request(things.origin, { headers: { authorization: `Bearer can${text}ary` } })
  expect(things.hits).toHaveLength(3)
})

test.each(PLACES)(
  'a token with such a character %s is refused, not shown, and nothing is sent',
  async (_name, place) => {
    const things = await loopback()
    for (const text of UNFIT) {
      const issuer = await loopback((_incoming, outgoing) =>
        json(outgoing, 200, { access_token: place(text), token_type: 'Bearer', expires_in: 3600 }),
      )
      const tokens = tokensFrom(issuer)
      const origins = [things.origin]
      const first = await request(things.origin, { dispatcher: agent(bearer(tokens, { origins })) }).catch(
        (e: unknown) => e,
      )
      const second = await createFetch(tokens, { origins })(things.origin).catch((e: unknown) => e)
      expect(first).toMatchObject({ name: 'TokenError', code: 'token_malformed', retryable: false })
      expect(second).toMatchObject({ name: 'TokenError', code: 'token_unavailable' })
      expect(reachableText([first, second])).not.toMatch(/canary|ary/)
    }
    expect(things.hits).toEqual([])
  },
)

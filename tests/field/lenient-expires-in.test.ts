/**
 * `Number` and `parseFloat` make something of nearly everything: oauth4webapi 3.8.8 reads `"3600abc"` and `[3600]` as 3600,
 * `"1e9"` as a thousand million, `"0x10"` as 0, and keeps 1e308. What they make decides when the next token is asked for:
 * at once, or never.
 *
 * everbearer reads a number of seconds from 0 up, as a number or as digits, and rounds a fraction down. A string that is no
 * number names no lifetime. Everything else is an invalid response.
 */
import { describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { pass, tokensFrom } from './issuer.js'

async function scene(expiresIn: string) {
  const clock = new FakeClock({ random: () => 0 })
  const issuer = await loopback((_incoming, outgoing) => {
    const member = expiresIn === '' ? '' : `, "expires_in": ${expiresIn}`
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.end(`{"access_token": "token-${issuer.hits.length}", "token_type": "Bearer"${member}}`)
  })
  const things = await loopback()
  const tokens = tokensFrom(issuer, {}, { clock })
  const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
  return { clock, issuer, things, tokens, call: () => request(things.origin, { dispatcher }) }
}

describe('refused, and nothing is sent', () => {
  it.each([...['[3600]', '"-3600"', '-1', '1e400', 'true', '{}']])('%s', async (expiresIn) => {
    const { issuer, things, call } = await scene(expiresIn)
    await expect(call()).rejects.toMatchObject({ code: 'token_response_invalid', retryable: false })
    await expect(call()).rejects.toMatchObject({ code: 'token_unavailable' })
    expect([issuer.hits.length, things.hits.length]).toEqual([1, 0])
  })
})

describe('taken', () => {
  it.each([
    ['3600', 3_600_000],
    ['"3600"', 3_600_000],
    ['3.6e3', 3_600_000],
    ['"0003600"', 3_600_000],
    ['1', 1_000],
    ['1e308', (2 ** 31 - 1) * 1_000],
    [`"${'9'.repeat(400)}"`, (2 ** 31 - 1) * 1_000],
    ['', undefined],
    ['null', undefined],
    ['" 3600 "', 3_600_000],
    ['1.5', 1_000],
    ['"1.5"', 1_000],
    ...['"3600abc"', '"1e9"', '"0x10"', '"+3600"', '""', '"NaN"', '"٣٦٠٠"', '"3,600"'].map(
      (text): [string, undefined] => [text, undefined],
    ),
  ] as [string, number | undefined][])('%s', async (expiresIn, lifetime) => {
    const { tokens, things, call } = await scene(expiresIn)
    await call()
    expect((await tokens.getToken()).lifetime).toBe(lifetime)
    expect(things.tokens()).toEqual(['token-1'])
  })
})

it.each(['', 'null', '1e308', '2147483'])('%j is no storm: one token request in thirty days', async (expiresIn) => {
  const { clock, issuer, call } = await scene(expiresIn)
  for (let day = 0; day < 24; day++) {
    await call()
    await pass(clock, 86_400_000, 86_400_000)
  }
  expect(issuer.hits).toHaveLength(1)
})

/**
 * The authorization server is away for a minute just when the token is to be renewed, and the client drops a token that
 * would have lived through it, or gives up renewing for ever (manfredsteyer/angular-oauth2-oidc#1038,
 * Apicurio/apicurio-registry#6873, snyk/broker#1132). Or the reverse: the expired token is sent on (envoyproxy/envoy#44674).
 *
 * everbearer serves the old token for exactly as long as it lives, goes on trying, and sends nothing once it is dead.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import type { TokenError } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { mints, pass, tokensFrom } from './issuer.js'

const HOUR = 3_600_000
const SECOND = 1_000

const OUTAGES: [name: string, response: Listener][] = [
  ['answers 503', (_incoming, outgoing) => void outgoing.writeHead(503).end()],
  ['resets connections', (incoming) => void incoming.destroy()],
  ['asks for patience', (_incoming, outgoing) => void outgoing.writeHead(429).end()],
]

async function scene(refresh: 'background' | 'on-demand' = 'background') {
  const clock = new FakeClock({ random: () => 0 })
  const issuer = await loopback(mints())
  const things = await loopback()
  const tokens = tokensFrom(issuer, {}, { clock, refresh })
  const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
  /** The token that the request went out with, or why it did not. */
  const call = async () => {
    const before = things.hits.length
    const error = await request(things.origin, { dispatcher }).then(
      () => undefined,
      (error: unknown) => (error as TokenError).code,
    )
    return error ?? things.tokens()[before]
  }
  await call()
  return { clock, issuer, things, call }
}

test.each(
  OUTAGES.flatMap(([name, response]) =>
    (['background', 'on-demand'] as const).map((refresh) => [name, refresh, response] as const),
  ),
)(
  'a server that %s over the renewal (%s): nobody notices, and the token is renewed after it',
  async (_name, refresh, response) => {
    const { clock, issuer, call } = await scene(refresh)
    const mint = issuer.listener
    issuer.listener = response
    await pass(clock, HOUR - 301 * SECOND, HOUR)
    const seen = new Set<unknown>()
    for (let second = 0; second < 200; second += 5) {
      await pass(clock, 5 * SECOND)
      seen.add(await call())
    }
    expect(seen).toEqual(new Set(['token-1']))
    expect(issuer.hits.length).toBeGreaterThan(3)
    issuer.listener = mint
    await pass(clock, 60 * SECOND)
    await call()
    await pass(clock, 1 * SECOND)
    expect(await call()).toBe('token-2')
  },
)

test('a server that stays away: the token is sent to its last second, nothing after that, and it recovers', async () => {
  const { clock, issuer, things, call } = await scene()
  const mint = issuer.listener
  issuer.listener = OUTAGES[0]![1]
  await pass(clock, HOUR - 20 * SECOND, 60 * SECOND)
  const seen: unknown[] = []
  for (let second = 20; second > -20; second--) {
    seen.push(await call())
    await pass(clock, SECOND)
  }
  // Within ten seconds of its end callers wait for a probe where one is due, and are served the old token when it fails.
  expect(seen.slice(0, 19)).toEqual(Array(19).fill('token-1'))
  expect(seen.slice(21)).toEqual(Array(19).fill(expect.stringMatching(/^token_(unavailable|endpoint_failed)$/)))
  expect(things.tokens().every((token) => token === 'token-1')).toBe(true)
  issuer.listener = mint
  await pass(clock, 60 * SECOND)
  expect(await call()).toBe('token-2')
})

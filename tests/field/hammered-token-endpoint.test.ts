/**
 * The authorization server is down, or the secret is wrong, and every call of the service asks it again: 16 requests a
 * second (camunda/camunda#44815), 3,338 failures in a row (NousResearch/hermes-agent#103663), until it answers 429 or blocks
 * the address. The opposite hurts as well: a back-off that callers have to sit through (camunda/camunda-8-js-sdk#605).
 *
 * everbearer leaves a failing server alone for a growing while, as long as its Retry-After says, and tells callers so at
 * once.
 */
import { describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { mints, pass, tokensFrom, together } from './issuer.js'

const MINUTE = 60_000

async function scene(response: Listener) {
  const clock = new FakeClock()
  const issuer = await loopback(response)
  const things = await loopback()
  const tokens = tokensFrom(issuer, {}, { clock })
  const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
  const call = () =>
    request(things.origin, { dispatcher }).then(
      () => 'answered',
      (error: unknown) => error,
    )
  return { clock, issuer, things, call }
}

/** So many calls each second; answers how often the server was asked. */
async function busy({ clock, issuer, call }: Awaited<ReturnType<typeof scene>>, seconds: number, calls = 20) {
  const outcomes: Promise<unknown>[] = []
  for (let second = 0; second < seconds; second++) {
    outcomes.push(together(calls, call))
    await pass(clock, 1_000)
  }
  const asked = issuer.hits.length
  await pass(clock, 2_000)
  await Promise.all(outcomes)
  return asked
}

const down: Listener = (_incoming, outgoing) => void outgoing.writeHead(503).end('<html>maintenance</html>')
const wrongSecret: Listener = (_incoming, outgoing) => json(outgoing, 401, { error: 'invalid_client' })
const lost: Listener = (incoming) => void incoming.destroy()
const tooMany: Listener = (_incoming, outgoing) => json(outgoing, 429, { error: 'slow_down' }, { 'retry-after': '120' })

describe('twenty calls a second', () => {
  it.each([
    ['answers 503', down],
    ['loses the connection', lost],
  ])('for two minutes while the server %s: a dozen token requests, not 2,400 [R24]', async (_name, response) => {
    const all = await scene(response)
    const asked = await busy(all, 120)
    // Three tries, then probes 1, 2, 4, 8, 16, 32 and 60 s apart.
    expect(asked).toBeGreaterThanOrEqual(7)
    expect(asked).toBeLessThanOrEqual(12)
    expect(all.things.hits).toEqual([])
    all.issuer.listener = mints()
    await pass(all.clock, MINUTE)
    expect(await all.call()).toBe('answered')
  })

  it('for ten minutes with a wrong secret: eight token requests, not 12,000 [R25]', async () => {
    const all = await scene(wrongSecret)
    const asked = await busy(all, 600, 2)
    // Pauses of 5, 10, 20 … 300 s.
    expect(asked).toBeGreaterThanOrEqual(6)
    expect(asked).toBeLessThanOrEqual(8)
    expect(await all.call()).toMatchObject({ code: 'token_unavailable', retryable: false })
  })

  it('for two minutes that a 429 asked for: not one token request more', async () => {
    const all = await scene(tooMany)
    expect(await busy(all, 119)).toBe(1)
    all.issuer.listener = mints()
    await pass(all.clock, 2_000)
    expect(await all.call()).toBe('answered')
  })
})

describe('while the server is left alone', () => {
  it('a call fails at once, says for how long, and sends nothing', async () => {
    const { clock, issuer, things, call } = await scene(tooMany)
    await call()
    await pass(clock, 20_000)
    // The clock stands: whoever waited for time to pass would wait for ever.
    const error = await call()
    expect(error).toMatchObject({ code: 'token_unavailable', retryable: true, retryAfter: 100_000 })
    expect([issuer.hits.length, things.hits.length]).toEqual([1, 0])
  })

  it('one probe at a time, however many ask for it', async () => {
    const { clock, issuer, call } = await scene(tooMany)
    await call()
    await pass(clock, 120_000, MINUTE)
    await together(100, call)
    expect(issuer.hits).toHaveLength(2)
  })
})

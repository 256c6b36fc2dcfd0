import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { setTimeout as delay } from 'node:timers/promises'
import { TokenManager, clientCredentials } from '../../src/index.js'
import type { TokenError } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { closeAgents } from '../http/agents.js'
import { closeServers, sha256 } from '../http/loopback.js'
import { CALLERS } from './callers.js'
import { bySignature, protectedApi } from './protected-api.js'
import { RunningProvider } from './provider.js'
import { CLIENTS, JWT_RESOURCE } from './registrations.js'

const HOUR = 3_600_000

let provider: RunningProvider
let clock: FakeClock
let tokens: TokenManager
beforeEach(async () => {
  provider = await RunningProvider.start()
  clock = new FakeClock()
  const grant = clientCredentials({
    tokenEndpoint: provider.tokenEndpoint,
    ...CLIENTS.plain,
    resource: JWT_RESOURCE,
  })
  tokens = new TokenManager(grant, { clock })
})
afterEach(async () => {
  await tokens.close()
  closeServers()
  await closeAgents()
  await provider.close()
})

/** What comes of it, while the clock moves on by as much as it takes, and the provider has real time for its work. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  let outcome: { value: unknown } | undefined
  void work.then(
    (value) => (outcome = { value }),
    (value: unknown) => (outcome = { value }),
  )
  while (outcome === undefined) {
    await clock.advance(20)
    await delay(1)
  }
  return outcome.value
}

it('a provider that is down is a typed error, is left alone for a second, and is asked again when it is back', async () => {
  await provider.goDown()
  expect(await outcomeOf(tokens.getToken())).toMatchObject({
    code: 'token_endpoint_unreachable',
    retryable: true,
    requestSent: false,
  })
  await provider.comeBack()
  await expect(tokens.getToken()).rejects.toMatchObject({
    code: 'token_unavailable',
    retryable: true,
    cause: { code: 'token_endpoint_unreachable' },
  })
  expect(provider.tokenRequests).toEqual([])
  await clock.advance(1_000)
  expect(await outcomeOf(tokens.getToken())).toMatchObject({ lifetime: HOUR })
  expect(provider.tokenRequests).toHaveLength(1)
})

it('a living token is served through an outage; a dead one is not; and the first call after it gets a new one', async () => {
  const api = await protectedApi(bySignature(provider))
  const call = CALLERS.bearer(tokens, api.origin)
  const good = { status: 200, text: sha256('x') }
  expect(await call('x')).toEqual(good)
  await provider.goDown()

  // From 48 minutes on it tries to renew it, again and again, behind the callers' backs.
  await clock.advance(0.9 * HOUR)
  expect(await call('x')).toEqual(good)
  await clock.advance(0.1 * HOUR - 1)
  expect(await call('x')).toEqual(good)
  await clock.advance(1)
  expect(await outcomeOf(call('x'))).toMatchObject({ retryable: true, name: 'TokenError' })
  expect(api.taken.size).toBe(1)

  await provider.comeBack()
  const early = await outcomeOf(call('x'))
  expect(early).toMatchObject({ code: 'token_unavailable', retryable: true })
  await clock.advance((early as TokenError).retryAfter!)
  expect(await outcomeOf(call('x'))).toEqual(good)
  expect(api.taken.size).toBe(2)
  expect(provider.tokenRequests).toHaveLength(2)
})

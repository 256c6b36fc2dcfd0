/**
 * The API answers 429 and says in Retry-After how long to wait. The Genesys Cloud SDK 262.0.0 rejects the call at once, with
 * the answer's body alone: what was to be waited for is lost. Its users guess, and tutorials tell them to guess 1, 2 and 4
 * seconds where the API asks for up to 60, and to find the status by looking for "429" in a message that may hold it in an id.
 *
 * everbearer's endpoint clients wait for as long as they are told, all requests of a client together, and go on.
 */
import { expect, test } from '@jest/globals'
import { all, connect, fastClock } from '../genesys/connect.js'

test('a listing that is told to wait 12 seconds waits 12 seconds, and gives every row', async () => {
  const clock = fastClock()
  const faults = [{ kind: 'rate-limited', at: 2, retryAfter: 12 } as const]
  const { genesys, running } = await connect({ users: 60, faults }, { clock })
  const began = clock.monotonic()
  const users = await all(genesys.users.list({ pageSize: 20 }))
  expect(clock.monotonic() - began).toBeGreaterThanOrEqual(12_000)
  expect(users.map(({ id }) => id)).toEqual(running.truth.userIds())
  expect(running.simulator.counts.rateLimited).toBe(1)
})

test('a wait that is too long for a client is an error that says how long', async () => {
  const faults = [{ kind: 'rate-limited', retryAfter: 181 } as const]
  const { genesys } = await connect({ faults })
  await expect(all(genesys.users.list())).rejects.toMatchObject({
    code: 'api_rate_limited',
    status: 429,
    retryAfter: 181_000,
  })
})

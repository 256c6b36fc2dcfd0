/**
 * A service's token dies before its time: it is revoked, it went unused for too long, its client was disabled for a
 * moment. The Genesys Cloud SDK 262.0.0 keeps no secret to ask for another with: each call from then on is rejected with
 * the 401, without a token request, until somebody logs in anew. looker-open-source/sdk-codegen#1606 is such a one too, and
 * around both there are loops that log in every so often.
 *
 * everbearer replaces the token, and sends what was refused again.
 */
import { expect, test } from '@jest/globals'
import { FakeClock } from '../../src/testing/index.js'
import type { GenesysSimulator } from '../../src/testing/index.js'
import { connect } from '../genesys/connect.js'

const IDLE_SECONDS = 300

const deaths: [how: string, die: (simulator: GenesysSimulator, clock: FakeClock) => unknown][] = [
  ['is revoked', (simulator) => simulator.revokeTokens()],
  ['idles out', (_, clock) => clock.advance(IDLE_SECONDS * 1_000 + 1)],
  [
    'is of a client that was disabled for a moment',
    (simulator) => {
      simulator.setClientState(simulator.clientId, 'disabled')
      simulator.setClientState(simulator.clientId, 'active')
    },
  ],
]

test.each(deaths)('a token that %s in the middle of a listing costs one request, and no row', async (_how, die) => {
  const clock = new FakeClock()
  const { genesys, running } = await connect({ users: 60, clock, tokenIdleTimeout: IDLE_SECONDS }, { concurrency: 1 })
  const ids: string[] = []
  for await (const { id } of genesys.users.list({ pageSize: 20 })) {
    if (ids.push(id) === 30) await die(running.simulator, clock)
  }
  expect(ids).toEqual(running.truth.userIds())
  expect(running.simulator.counts).toMatchObject({ unauthorized: 1, tokensMinted: 2 })
})

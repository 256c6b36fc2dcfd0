import { afterEach, expect, it, jest } from '@jest/globals'
import { Agent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { TokenError } from '../../src/base/errors.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { FakeClock } from '../../src/testing/index.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { closeAgents, kept } from '../http/agents.js'
import { EVERY_HOSTILE, expectEach, HOSTILE, plain, readableAs, tryEach } from './hostile-responses.js'
import type { Hostile } from './hostile-responses.js'
import { closeHostileServers, hostileServer } from './hostile-server.js'

// What is promised here is an end, not how fast a busy machine comes to it.
jest.setTimeout(20_000)

afterEach(async () => {
  await closeAgents()
  closeHostileServers()
})

const good = plain(200, '{"access_token":"good","token_type":"Bearer","expires_in":3600}')
const SECRETS = new RegExp(['canary', Buffer.from('id:canary').toString('base64')].join('|'))

/** What a manager makes of it: a code, whether trying again may help, and how often it tried. */
function expected(name: Hostile, status: number): [code: string, retryable: boolean, requests: number] {
  switch (readableAs(name)) {
    case 'endless':
      return ['token_endpoint_timeout', true, 1]
    case 'broken':
      return ['token_endpoint_unreachable', true, 3]
    case 'answer':
      if (status === 200) return ['token_response_invalid', false, 1]
      return ['token_endpoint_failed', status === 503, status === 503 ? 3 : 1]
  }
}

it.each([200, 400, 503])(
  'a token endpoint that answers %i and anything at all: a typed error in time, and the next call finds a token',
  async (status) => {
    const outcomes = await tryEach(EVERY_HOSTILE, async (name) => {
      const server = await hostileServer(HOSTILE[name](`${status} x`))
      const dispatcher = kept(new Agent())
      const clock = readableAs(name) === 'endless' ? new FakeClock() : { ...systemClock, random: () => 0 }
      const tokenEndpoint = `${server.origin}/token`
      const tokens = new TokenManager(
        clientCredentials({ tokenEndpoint, clientId: 'id', clientSecret: 'canary', dispatcher }),
        { clock },
      )
      const outcome = tokens.getToken().catch((thrown: unknown) => thrown)
      if (clock instanceof FakeClock) await server.asked().then(() => clock.advance(10_000))
      const error = (await outcome) as TokenError
      expect(error).toBeInstanceOf(TokenError)
      expect(reachableText(error)).not.toMatch(SECRETS)
      const requests = server.requests.length

      server.response = (socket) => socket.write(good)
      tokens.reset()
      expect((await tokens.getToken()).reveal()).toBe('good')
      await tokens.close()
      // Waits for every request that the dispatcher still has.
      await dispatcher.close()
      await server.empty()
      return [error.code, error.retryable, requests]
    })
    expect(outcomes).toEqual(expectEach(EVERY_HOSTILE, (name) => expected(name, status)))
  },
)

import { subscribe } from 'node:diagnostics_channel'

import { afterEach, jest } from '@jest/globals'
import { TokenManager, clientCredentials } from '../../src/index.js'
import type { ClientCredentialsOptions, TokenManagerOptions } from '../../src/index.js'
import type { FakeClock } from '../../src/testing/index.js'
import { json } from '../grants/authorization-server.js'
import { closeAgents } from '../http/agents.js'
import { closeServers, read } from '../http/loopback.js'
import type { Listener, Loopback } from '../http/loopback.js'

// Real sockets and processes, on a machine that may be busy.
jest.setTimeout(30_000)

const managers = new Set<TokenManager>()

afterEach(async () => {
  await Promise.all([...managers].map((manager) => manager.close()))
  managers.clear()
  await closeAgents()
  closeServers()
})

/** An authorization server's answers: token-1, token-2 and so on, each good for an hour unless told otherwise. */
export function mints({ expiresIn = 3600 }: { expiresIn?: number | null } = {}): Listener {
  let minted = 0
  return async (incoming, outgoing, hit) => {
    hit.body = await read(incoming)
    minted += 1
    json(outgoing, 200, { access_token: `token-${minted}`, token_type: 'Bearer', expires_in: expiresIn })
  }
}

/** What a token request asked for. */
export function formOf(body: Buffer | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(String(body)))
}

/** A manager as a service makes one, closed after the test. */
export function tokensFrom(
  issuer: Loopback,
  options: Partial<ClientCredentialsOptions> = {},
  settings?: TokenManagerOptions,
): TokenManager {
  const tokenEndpoint = `${issuer.origin}/oauth/token`
  return closedLater(
    new TokenManager(
      clientCredentials({
        tokenEndpoint,
        clientId: 'id',
        clientSecret: 'secret',
        ...options,
      } as ClientCredentialsOptions),
      settings,
    ),
  )
}

export function closedLater(manager: TokenManager): TokenManager {
  managers.add(manager)
  return manager
}

/** So many of them at the same time, each with its number from 0. */
export function together<Result>(count: number, start: (number: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => start(number)))
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

let underWay = 0
subscribe('undici:request:create', () => (underWay += 1))
subscribe('undici:request:trailers', () => (underWay -= 1))
subscribe('undici:request:error', () => (underWay -= 1))

/** Lets fake time pass step by step: real requests that fall due meanwhile are answered before it goes on. */
export async function pass(clock: FakeClock, milliseconds: number, step = 1_000): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += step) {
    await clock.advance(Math.min(step, milliseconds - passed))
    await until(() => underWay === 0)
  }
  await clock.advance(0)
}

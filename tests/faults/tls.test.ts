import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { Agent } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { staticToken } from '../../src/token/static-token.js'
import { TokenManager } from '../../src/token/token-manager.js'
import { reachableText } from '../base/reachable.js'
import { startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'
import { closeAgents, kept } from '../http/agents.js'
import { CALLERS, endOf, EVERY_CALLER } from './callers.js'

// What is promised here is an end, not how fast a busy machine comes to it.
jest.setTimeout(20_000)

const certificates = join(import.meta.dirname, '../docs/certificates')
const cert = readFileSync(join(certificates, 'example.com.pem'))
const key = readFileSync(join(certificates, 'example.com-key.pem'))

let plain: AuthorizationServer
let secure: AuthorizationServer
beforeEach(async () => {
  plain = await startAuthorizationServer()
  secure = await startAuthorizationServer((listener) => createServer({ cert, key }, listener))
})
afterEach(async () => {
  await closeAgents()
  plain.close()
  secure.close()
})

/** Where the wrong thing is spoken, or nobody vouches for who speaks. */
const wrong = {
  'TLS to a server of plain HTTP': () => `https://127.0.0.1:${plain.port}`,
  'plain HTTP to a server of TLS': () => `http://127.0.0.1:${secure.port}`,
  'TLS to a server whose certificate nobody vouches for': () => `https://127.0.0.1:${secure.port}`,
}
const all = Object.keys(wrong) as (keyof typeof wrong)[]

it.each(all)('%s: no token, no secret is shown, and none arrives [R13]', async (what) => {
  const tokens = new TokenManager(
    clientCredentials({
      tokenEndpoint: `${wrong[what]()}/token`,
      clientId: 'id',
      clientSecret: 'secret-canary',
      dispatcher: kept(new Agent()),
    }),
    { clock: { ...systemClock, random: () => 0 } },
  )
  const error = await tokens.getToken().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'token_endpoint_unreachable' })
  expect(reachableText(error)).not.toContain('canary')
  await tokens.close()
  expect([...plain.arrived, ...secure.arrived]).toEqual([])
})

it.each(all.flatMap((what) => EVERY_CALLER.map((caller) => [what, caller] as const)))(
  '%s, for %s: no answer, and no token arrives',
  async (what, caller) => {
    const { get } = CALLERS[caller](wrong[what](), staticToken('good-token'))
    expect(await endOf(get())).toBe(caller === 'an endpoint client' ? 'api_unreachable' : 'failed')
    expect([...plain.arrived, ...secure.arrived]).toEqual([])
  },
)

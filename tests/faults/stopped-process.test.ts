import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as wait } from 'node:timers/promises'
import { runSource } from '../base/run-source.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { AuthorizationServer } from '../grants/authorization-server.js'
import { closeServers, loopback } from '../http/loopback.js'

const authorizationServers: AuthorizationServer[] = []
afterEach(() => {
  closeServers()
  for (const server of authorizationServers.splice(0)) server.close()
})

/** An authorization server of numbered tokens that live so many seconds, and what it knows of their ends. */
async function numberedTokens(seconds: number) {
  const server = await startAuthorizationServer()
  authorizationServers.push(server)
  const endOf = new Map<string, number>()
  server.response = (response) => {
    const token = `token-${endOf.size + 1}`
    endOf.set(token, performance.now() + seconds * 1_000)
    json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: seconds })
  }
  return { endpoint: `${server.origin}/token`, endOf }
}

/** A child process with a manager, a clock that it can set, and a way to call the API. */
const child = (endpoint: string, api: string, refresh: string) => `
  let [wallOffset, monotonicOffset] = [0, 0]
  const { now } = Date
  Date.now = () => now() + wallOffset
  const monotonic = performance.now.bind(performance)
  performance.now = () => monotonic() + monotonicOffset
  process.on('warning', (warning) => console.log(warning.name))
  const { Agent } = await import('undici')
  const { TokenManager } = await import('./src/token/token-manager.ts')
  const { clientCredentials } = await import('./src/grants/client-credentials.ts')
  const { bearer } = await import('./src/http/bearer.ts')
  const grant = clientCredentials({ tokenEndpoint: '${endpoint}', clientId: 'id', clientSecret: 'secret' })
  const tokens = new TokenManager(grant, { refresh: '${refresh}' })
  const agent = new Agent().compose(bearer(tokens, { origins: ['${api}'] }))
  const call = async () => {
    const { statusCode, body } = await agent.request({ origin: '${api}', path: '/' + process.pid, method: 'GET' })
    await body.dump()
    if (statusCode !== 200) throw new Error('answered ' + statusCode)
  }
  const asleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
`

/** Does the same for both ways to refresh, at the same time. */
const forEachRefresh = (run: (refresh: string) => Promise<void>) => () =>
  Promise.all(['background', 'on-demand'].map(run)).then(() => undefined)

it(
  'a process that is stopped by SIGSTOP for longer than its token lives sends no request with the dead one [R23]',
  forEachRefresh(async (refresh) => {
    const { endpoint, endOf } = await numberedTokens(4)
    const arrived: { token: string; at: number }[] = []
    let resumedAt = Infinity
    const api = await loopback(async (incoming, outgoing, hit) => {
      arrived.push({ token: String(hit.headers.authorization).slice(7), at: performance.now() })
      outgoing.end()
      if (arrived.length > 1) return
      // It sleeps between two requests now: a token that was stamped already could not be helped.
      await wait(50)
      const pid = Number(incoming.url?.slice(1))
      process.kill(pid, 'SIGSTOP')
      await wait(5_000)
      resumedAt = performance.now()
      process.kill(pid, 'SIGCONT')
    })
    const output = await runSource(`${child(endpoint, api.origin, refresh)}
      await call()
      await asleep(400)
      for (let i = 0; i < 5; i++) await call()
      await tokens.close()
      process.exit()
    `)
    expect(output).toBe('')
    expect(resumedAt).toBeGreaterThan(endOf.get('token-1')!)
    expect(arrived.map(({ token }) => token)).toEqual(['token-1', ...Array.from({ length: 5 }, () => 'token-2')])
    for (const { token, at } of arrived) expect(at).toBeLessThan(endOf.get(token)!)
    expect(endOf.size).toBe(2)
  }),
  20_000,
)

// To set the machine's clock takes root: what the process reads of it is set instead, below everything of ours.
it(
  'a process whose clocks jump both ways renews a token when either says that it is dead, and not before, nor twice [R23]',
  forEachRefresh(async (refresh) => {
    const { endpoint, endOf } = await numberedTokens(3_600)
    const api = await loopback()
    const output = await runSource(`${child(endpoint, api.origin, refresh)}
      await call()
      wallOffset -= 10 * 3_600_000
      await call()
      wallOffset += 10 * 3_600_000
      await call()
      wallOffset += 2 * 3_600_000
      await call()
      await call()
      wallOffset -= 5 * 3_600_000
      await call()
      monotonicOffset += 3_600_000
      await call()
      await call()
      await asleep(100)
      await tokens.close()
      process.exit()
    `)
    expect(output).toBe('')
    expect(api.tokens()).toEqual([1, 1, 1, 2, 2, 2, 3, 3].map((number) => `token-${number}`))
    expect(endOf.size).toBe(3)
  }),
  20_000,
)

/**
 * A script has done its work and does not end, because a refresh timer is still running: @badgateway/oauth2-client 3.3.1
 * held a process for as long as it was watched, Azure's core-rest-pipeline 1.24.0 does while it retries
 * (inrupt/solid-client-authn-js#1623, supabase/auth-js#100, Soontao/light-odata#417).
 *
 * No timer of everbearer keeps a process alive, whether the manager was closed or not. A token request on its way does, as
 * every socket in use, and one that hangs is given up at the manager's time-out.
 */
import { expect, test } from '@jest/globals'
import { runSource } from '../base/run-source.js'
import { loopback } from '../http/loopback.js'
import { mints } from './issuer.js'

async function script(work: string): Promise<string> {
  const issuer = await loopback()
  const mint = mints()
  issuer.listener = (...args) => (issuer.hits.length % 2 === 1 ? mint(...args) : undefined) // every other hangs
  const things = await loopback()
  return runSource(`
    import { request, Agent } from 'undici'
    import { TokenManager, bearer, clientCredentials, createFetch } from './src/index.ts'
    const tokenEndpoint = '${issuer.origin}/token'
    const url = '${things.origin}'
    const made = (settings) => new TokenManager(clientCredentials({ tokenEndpoint, clientId: 'id', clientSecret: 'x' }), settings)
    let asleep = 0
    const clock = {
      now: () => Date.now() + asleep,
      monotonic: () => performance.now(),
      random: () => 0.5,
      setTimeout(callback, delay) {
        const timer = setTimeout(callback, Math.min(delay, 2 ** 31 - 1)).unref()
        return { ref: () => timer.ref(), unref: () => timer.unref(), clear: () => clearTimeout(timer) }
      },
    }
    ${work}
    const end = performance.now()
    process.on('exit', () => console.log(performance.now() - end < 3_000 ? 'ended' : 'was kept alive'))
  `)
}

test('a script that has used a token ends, though its manager was not closed', async () => {
  const output = await script(`
    const tokens = made()
    const dispatcher = new Agent().compose(bearer(tokens, { origins: [url] }))
    await (await request(url, { dispatcher })).body.dump()
    await (await createFetch(tokens, { origins: [url] })(url)).text()
    console.log((await tokens.getToken()).reveal())
  `)
  expect(output).toBe('token-1\nended\n')
})

test('a script whose renewal hangs, and nobody waits for it, ends with the time-out', async () => {
  const output = await script(`
    const tokens = made({ clock, timeout: 300 })
    await tokens.getToken()
    asleep = 3_500_000
    console.log(tokens.current().reveal())
    await new Promise((resolve) => setTimeout(resolve, 50))
  `)
  expect(output).toBe('token-1\nended\n')
})

test('a script that waits for a token does not end before it has one', async () => {
  const issuer = await loopback()
  const mint = mints()
  issuer.listener = (...args) => void setTimeout(() => void mint(...args), 300)
  const output = await runSource(`
    import { TokenManager, clientCredentials } from './src/index.ts'
    const tokens = new TokenManager(
      clientCredentials({ tokenEndpoint: '${issuer.origin}/token', clientId: 'id', clientSecret: 'x' }),
    )
    console.log((await tokens.getToken()).reveal())
  `)
  expect(output).toBe('token-1\n')
})

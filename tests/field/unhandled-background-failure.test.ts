/**
 * A renewal behind the callers' backs fails, nobody waits for it, and the process dies of an unhandled rejection: Azure's
 * core-rest-pipeline 1.24.0 after its last try (`UNHANDLED REJECTION: AS down 8`), undici-oidc-interceptor 0.9.0 after its
 * first.
 *
 * A background failure of everbearer is an event on a diagnostics channel and nothing else.
 */
import { expect, test } from '@jest/globals'
import { runSource } from '../base/run-source.js'
import { loopback } from '../http/loopback.js'
import { mints } from './issuer.js'

async function failingIssuer(failure: 'reset' | '503' | '400') {
  const issuer = await loopback()
  const mint = mints()
  issuer.listener = (incoming, outgoing, hit) => {
    if (issuer.hits.length <= 2) return mint(incoming, outgoing, hit)
    if (failure === 'reset') return void incoming.destroy()
    outgoing.writeHead(Number(failure), { 'content-type': 'application/json' }).end('{"error":"invalid_client"}')
  }
  return issuer
}

test.each(['reset', '503', '400'] as const)('a process lives through failed renewals (%s)', async (failure) => {
  const issuer = await failingIssuer(failure)
  const output = await runSource(`
    import { TokenManager, clientCredentials } from './src/index.ts'
    import { FakeClock } from './src/testing/fake-clock.ts'
    const asleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
    const clock = new FakeClock({ random: () => 0 })
    const ticking = setInterval(() => clock.advance(1_000), 5)
    const managers = ['background', 'on-demand'].map((refresh) => new TokenManager(
      clientCredentials({ tokenEndpoint: '${issuer.origin}/' + refresh, clientId: 'id', clientSecret: 'x' }),
      { refresh, clock },
    ))
    for (const tokens of managers) await tokens.getToken()
    clock.sleep(3_400_000)
    for (let i = 0; i < 10; i++) {
      await asleep(20)
      for (const tokens of managers) tokens.current()
    }
    for (const tokens of managers) console.log('renewing', tokens.current()?.reveal())
    clock.sleep(300_000)
    for (const tokens of managers) {
      console.log('expired', tokens.current()?.reveal(), (await tokens.getToken().catch((error) => error)).name)
    }
    await asleep(50)
    clearInterval(ticking)
  `)
  expect(output.trim().split('\n')).toEqual([
    'renewing token-1',
    'renewing token-2',
    'expired undefined TokenError',
    'expired undefined TokenError',
  ])
  for (const path of ['/background', '/on-demand']) {
    expect(issuer.hits.filter((hit) => hit.path === path).length).toBeGreaterThan(1)
  }
})

test('a renewal that nobody catches ends the process', async () => {
  const issuer = await failingIssuer('reset')
  const run = runSource(`
    const token = () => fetch('${issuer.origin}/token', { method: 'POST', body: 'x' }).then((answer) => answer.json())
    await token()
    await token()
    setTimeout(token, 10)
    setTimeout(() => console.log('alive'), 500)
  `)
  await expect(run).rejects.toThrow('fetch failed')
})

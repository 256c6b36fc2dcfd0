/**
 * A token that lives thirty days: the delay of its timer does not fit into 32 bits, Node fires it after a millisecond, the
 * new token lives thirty days too. @badgateway/oauth2-client 3.3.1 asked 404 and 461 times in one second
 * (directus/directus#4054, rynfar/meridian#515, workos/authkit-nextjs#273).
 *
 * everbearer cuts a long wait into pieces that a timer can hold, and looks at the clock after each.
 */
import { expect, test } from '@jest/globals'
import { FakeClock } from '../../src/testing/index.js'
import { runSource } from '../base/run-source.js'
import { json } from '../grants/authorization-server.js'
import { loopback } from '../http/loopback.js'
import { mints, pass, tokensFrom } from './issuer.js'

const DAY = 86_400
/** In seconds: around what a timer can hold, and far beyond what anybody means. */
const LIFETIMES = [2 ** 31 / 1_000 - 1, 2 ** 31 / 1_000, 30 * DAY, 3_650 * DAY, 2 ** 31, 1e15].map(Math.round)

test('a process with managers of long-lived tokens asks once for each, and sees no warning', async () => {
  const issuer = await loopback((incoming, outgoing) => {
    const expires_in = Number(incoming.url?.slice(1))
    json(outgoing, 200, { access_token: `token-${expires_in}`, token_type: 'Bearer', expires_in })
  })
  const output = await runSource(`
    import { TokenManager, clientCredentials } from './src/index.ts'
    process.on('warning', (warning) => console.log(warning.name))
    const managers = ${JSON.stringify(LIFETIMES)}.map((lifetime) => new TokenManager(
      clientCredentials({ tokenEndpoint: '${issuer.origin}/' + lifetime, clientId: 'id', clientSecret: 'x' }),
    ))
    for (let i = 0; i < 20; i++) {
      for (const tokens of managers) await tokens.getToken()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    console.log('end')
  `)
  expect(output).toBe('end\n')
  expect(issuer.hits.map(({ path }) => Number(path.slice(1)))).toEqual(LIFETIMES)
})

test('a timer of thirty days fires at once, over and over', async () => {
  const output = await runSource(`
    let asked = 0
    process.on('warning', (warning) => console.log(warning.name))
    const refresh = () => {
      asked += 1
      if (asked < 20) setTimeout(refresh, 30 * ${DAY} * 1_000)
    }
    refresh()
    process.on('exit', () => console.log(asked))
  `)
  expect(output).toMatch(/^(TimeoutOverflowWarning\n)+20\n$/)
})

test('a token of thirty days is renewed after thirty days, and not before', async () => {
  const clock = new FakeClock({ random: () => 0 })
  const issuer = await loopback(mints({ expiresIn: 30 * DAY }))
  const tokens = tokensFrom(issuer, {}, { clock })
  await tokens.getToken()
  await pass(clock, 30 * DAY * 1_000 - 301_000, DAY * 1_000)
  expect(issuer.hits).toHaveLength(1)
  await pass(clock, 2_000)
  expect(issuer.hits).toHaveLength(2)
  expect(tokens.current()?.reveal()).toBe('token-2')
})

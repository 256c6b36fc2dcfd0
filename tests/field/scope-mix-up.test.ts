/**
 * One credential, two scopes. The token cycler of Azure's core-rest-pipeline 1.24.0 keeps one token and gives it to
 * whoever asks, so the second scope is served `token-for-read`; in undici-oidc-interceptor 0.9.0 a request to /admin that
 * met another in flight carried the token of the scope `read`.
 *
 * In everbearer a scope is a part of the grant, each grant has its manager, and a manager serves nothing else.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer } from '../../src/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback, read } from '../http/loopback.js'
import { formOf, tokensFrom, together } from './issuer.js'

const SCOPES = ['read', 'write', 'admin']

test('requests under three scopes of one client, all in flight together, each carry the token of their scope', async () => {
  const issuer = await loopback(async (incoming, outgoing) => {
    const { scope = 'none' } = formOf(await read(incoming))
    // The first who asked is answered last.
    setTimeout(
      () => json(outgoing, 200, { access_token: `token-for-${scope}`, token_type: 'Bearer', expires_in: 3600 }),
      30 - 10 * SCOPES.indexOf(scope),
    )
  })
  const things = await loopback()
  const shared = agent()
  const dispatchers = SCOPES.map((scope) =>
    shared.compose(bearer(tokensFrom(issuer, { scope }), { origins: [things.origin] })),
  )
  const all = () =>
    together(30, (i) => request(`${things.origin}/${SCOPES[i % 3]}`, { dispatcher: dispatchers[i % 3]! }))
  await all()
  await all()
  expect(things.hits.map(({ path, authorization }) => [path, ...authorization])).toEqual(
    things.hits.map(({ path }) => [path, `Bearer token-for-${path.slice(1)}`]),
  )
  expect(things.hits).toHaveLength(60)
  expect(issuer.hits).toHaveLength(3)
})

import { describe, expect, test } from '@jest/globals'
import type { TokenError } from '../../src/base/errors.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import { genesysGrant } from '../../src/genesys/genesys-grant.js'
import { startGenesysSimulator } from '../../src/testing/index.js'
import { serve } from '../../src/testing/serve.js'
import { all, CANARY, closeLater, connect, errorOf, everythingOf, fastClock, wire } from './connect.js'

const disabled = { clientId: 'disabled-client', clientSecret: CANARY, state: 'disabled' } as const

/** A client with other credentials than the simulator's own. */
async function connectAs(credentials: { clientId?: string; clientSecret?: string }) {
  const running = await startGenesysSimulator({ clientSecret: CANARY, clients: [disabled] })
  closeLater(running)
  const { GENESYS_CLIENT_ID: clientId, GENESYS_LOGIN_URL: loginUrl, GENESYS_API_URL: apiUrl } = running.env
  const { dispatcher, secrets } = wire()
  const options = { requestsPerMinute: Infinity, clock: fastClock(), dispatcher }
  const genesys = new GenesysCloud({ loginUrl, apiUrl, clientId, clientSecret: CANARY, ...credentials }, options)
  closeLater(genesys)
  return { running, genesys, secrets }
}

async function refusalOf(credentials: { clientId?: string; clientSecret?: string }) {
  const { running, genesys, secrets } = await connectAs(credentials)
  const error = await errorOf<TokenError>(all(genesys.users.list()))
  expect(running.simulator.counts).toMatchObject({ tokenRequests: 1, requests: 0 })
  const text = everythingOf(error)
  for (const secret of [CANARY, ...secrets]) expect(text).not.toContain(secret)
  return { error, running, genesys }
}

describe('a client that Genesys refuses is a typed error that says what to check:', () => {
  test('a wrong secret: the secret first, then the region', async () => {
    const { error, running } = await refusalOf({ clientSecret: `${CANARY}-wrong` })
    expect(error).toMatchObject({
      name: 'TokenError',
      code: 'token_denied',
      status: 400,
      error: 'invalid_client',
      errorDescription: 'authentication failed',
      retryable: false,
    })
    expect(error.message).toMatch(/\(authentication failed\)\. Check first the client secret, then the region/)
    expect(error.message).toContain(running.loginUrl)
  })

  test('a secret with the line break of the file that it was read from', async () => {
    const { error } = await refusalOf({ clientSecret: `${CANARY}\n` })
    expect(error.message).toContain(
      'Check first the client secret, which begins or ends with white space, then the region',
    )
  })

  test('an unknown client: the region first, then the id', async () => {
    const { error, running } = await refusalOf({ clientId: 'somebody' })
    expect(error).toMatchObject({ code: 'token_denied', errorDescription: 'client not found' })
    expect(error.message).toMatch(/Check first the region .*, then the client id\./)
    expect(error.message).toContain(running.loginUrl)
  })

  test('a disabled client: whether it is active', async () => {
    const { error } = await refusalOf({ clientId: disabled.clientId })
    expect(error).toMatchObject({ code: 'token_denied', errorDescription: 'client is disabled' })
    expect(error.message).toMatch(/Check first that the OAuth client is active/)
  })

  test('one that is disabled in the middle of a listing ends it, with the place to go on from', async () => {
    const { running, genesys } = await connect({ conversationsPerDay: 10 })
    const interval = '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z'
    const query = genesys.analytics.conversations.query({ interval })
    let count = 0
    const error = await errorOf(async () => {
      for await (const _ of query) {
        if (++count === 25) running.simulator.setClientState(running.env.GENESYS_CLIENT_ID, 'disabled')
      }
    })
    expect(count).toBe(30)
    expect(error).toMatchObject({ code: 'api_unauthorized', checkpoint: query.checkpoint() })
    running.simulator.setClientState(running.env.GENESYS_CLIENT_ID, 'active')
    // The token error is remembered for a while.
    const denied = await errorOf(all(genesys.users.list()))
    expect(denied).toMatchObject({ code: 'token_unavailable', cause: { code: 'token_denied' } })
    expect(denied.message).toContain('Check first that the OAuth client is active')
  })

  test('a refusal without a description', async () => {
    const { origin, close } = await serve(() => Response.json({ error: 'invalid_client' }, { status: 401 }))
    closeLater({ close })
    const grant = genesysGrant({
      loginUrl: origin,
      clientId: 'id',
      clientSecret: 'secret',
      dispatcher: wire().dispatcher,
    })
    const error = await errorOf<TokenError>(grant.requestToken({ signal: new AbortController().signal }))
    expect(error).toMatchObject({ code: 'token_denied', status: 401 })
    expect(error.message).toContain('(no description). Check first the client secret')
  })

  test('another refusal keeps its own words', async () => {
    const { origin, close } = await serve(() => Response.json({ error: 'unauthorized_client' }, { status: 400 }))
    closeLater({ close })
    const grant = genesysGrant({
      loginUrl: origin,
      clientId: 'id',
      clientSecret: 'secret',
      dispatcher: wire().dispatcher,
    })
    const error = await errorOf(grant.requestToken({ signal: new AbortController().signal }))
    expect(error).toMatchObject({ code: 'token_denied', error: 'unauthorized_client' })
    expect(error.message).not.toContain('Genesys')
  })
})

describe('a token endpoint that does not do its work', () => {
  test('that limits the rate by 400 is asked again', async () => {
    const { genesys, running } = await connect({ faults: [{ kind: 'rate-limited', to: 'token', times: 2 }] })
    expect(await all(genesys.users.list())).toHaveLength(30)
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 3, tokensMinted: 1 })
  })

  test.each(['down', 'bad-gateway', 'unavailable', 'cut-body', 'rate-limited'] as const)(
    'for a while (%s) is waited for, with patience',
    async (kind) => {
      const { genesys, running } = await connect({ faults: [{ kind, to: 'token', times: 5 }] })
      expect(await all(genesys.users.list())).toHaveLength(30)
      expect(running.simulator.counts.tokenRequests).toBe(6)
    },
  )

  test('in the middle of a query is waited for as well, when the token is revoked', async () => {
    const { genesys, running } = await connect({
      conversationsPerDay: 10,
      faults: [
        { kind: 'down', to: 'token', at: 2, times: 5 },
        { kind: 'revoked', at: 20 },
      ],
    })
    const interval = '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z'
    const rows = await all(genesys.analytics.conversations.query({ interval }))
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(running.truth.conversationIds(interval))
    expect(running.simulator.counts).toMatchObject({ tokenRequests: 7, tokensMinted: 2 })
  })

  test('for longer than the patience is an error that may be tried again', async () => {
    const down = { kind: 'down', to: 'token', times: Infinity } as const
    const { genesys, secrets } = await connect({ faults: [down] }, { patience: 4_000 })
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ name: 'TokenError', retryable: true })
    for (const secret of [CANARY, ...secrets]) expect(everythingOf(error)).not.toContain(secret)
  })

  test.each([
    ['huge', 'token_response_invalid', /more than 65536 bytes/],
    ['html', 'token_response_invalid', /not a JSON object/],
    ['not-json', 'token_response_invalid', /not a JSON object/],
    ['schema', 'token_response_invalid', /access_token/],
  ] as const)('but answers %s is a typed error, soon', async (kind, code, words) => {
    const { genesys, secrets } = await connect({ faults: [{ kind, to: 'token', times: Infinity }] })
    const started = process.hrtime.bigint()
    const error = await errorOf(all(genesys.users.list()))
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1_500)
    expect(error).toMatchObject({ code, retryable: false })
    expect(error.message).toMatch(words)
    for (const secret of [CANARY, ...secrets]) expect(everythingOf(error)).not.toContain(secret)
  })

  test.each(['line\nbreak', 'line\r\nbreak', 'a blank', 'ümlaut', ''])('or hands out the token %j', async (token) => {
    const { origin, close } = await serve(() => Response.json({ access_token: token, token_type: 'bearer' }))
    closeLater({ close })
    const { dispatcher } = wire()
    const genesys = new GenesysCloud(
      { loginUrl: origin, apiUrl: origin, clientId: 'id', clientSecret: CANARY },
      { dispatcher },
    )
    closeLater(genesys)
    const error = await errorOf(all(genesys.users.list()))
    expect(error).toMatchObject({ code: token === '' ? 'token_response_invalid' : 'token_malformed' })
    if (token !== '') expect(everythingOf(error)).not.toContain(token)
  })
})

describe('a grant', () => {
  test('asks at /oauth/token of the login URL, by HTTP Basic, and names itself', () => {
    const grant = genesysGrant({ loginUrl: 'https://login.mypurecloud.ie', clientId: 'id', clientSecret: 'secret' })
    expect(grant.identity).toMatchObject({
      tokenEndpoint: 'https://login.mypurecloud.ie/oauth/token',
      clientId: 'id',
      grantType: 'client_credentials',
    })
    expect(grant.repeatable).toBe(true)
  })

  test('takes a secret from a function, for every token anew', async () => {
    const running = await startGenesysSimulator({ clientSecret: CANARY })
    closeLater(running)
    let calls = 0
    const { dispatcher } = wire()
    const { GENESYS_CLIENT_ID: clientId, GENESYS_LOGIN_URL: loginUrl, GENESYS_API_URL: apiUrl } = running.env
    const clientSecret = () => (calls++, Promise.resolve(CANARY))
    const pace = { requestsPerMinute: Infinity, clock: fastClock() }
    const genesys = new GenesysCloud({ loginUrl, apiUrl, clientId, clientSecret }, { dispatcher, ...pace })
    closeLater(genesys)
    await all(genesys.users.list({ pageSize: 500 }))
    running.simulator.revokeTokens()
    await all(genesys.users.list({ pageSize: 500 }))
    expect(calls).toBe(2)
  })
})

import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { Caller, ORIGIN, refusal } from './caller.js'

async function denied(pending: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await pending
  expect(response.status).toBe(400)
  expect(response.headers.get('inin-correlation-id')).toMatch(/^[\da-f-]{36}$/)
  return (await response.json()) as Record<string, unknown>
}

describe('the token endpoint', () => {
  it('hands out opaque tokens for client credentials, and no refresh token', async () => {
    const caller = new Caller({ tokenLifetime: 3 })
    const response = await caller.askForToken()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = (await response.json()) as Record<string, unknown>
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 3 })
    expect(body['access_token']).toMatch(/^[\w-]{86}$/)
    expect(caller.simulator.counts).toMatchObject({ tokenRequests: 1, tokensMinted: 1, requests: 0 })
  })

  it('promises whole seconds, and no more than a token lives', async () => {
    const response = await new Caller({ tokenLifetime: 2.9 }).askForToken()
    expect(await response.json()).toMatchObject({ expires_in: 2 })
  })

  it('takes the id and secret raw, and form-encoded too', async () => {
    const caller = new Caller({ clientId: 'an id+', clientSecret: 'a%41:secret ü' })
    expect((await caller.askForToken('an id+:a%41:secret ü')).status).toBe(200)
    expect((await caller.askForToken('an+id%2B:a%2541%3Asecret+%C3%BC')).status).toBe(200)
  })

  it('tells a wrong secret from an unknown client', async () => {
    const caller = new Caller()
    const { clientId } = caller.simulator
    expect(await denied(caller.askForToken(`${clientId}:wrong`))).toEqual({
      error: 'invalid_client',
      description: 'authentication failed',
      error_description: 'authentication failed',
    })
    const notFound = { error: 'invalid_client', description: 'client not found', error_description: 'client not found' }
    expect(await denied(caller.askForToken('nobody:secret'))).toEqual(notFound)
    expect(await denied(caller.askForToken(''))).toEqual(notFound)
  })

  it('refuses secrets in the body, other grants, other bodies and other methods', async () => {
    const caller = new Caller()
    const { clientId, clientSecret, ...rest } = caller.simulator
    void rest
    const inBody = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    expect(await denied(caller.askForToken('', inBody))).toMatchObject({ error: 'invalid_client' })
    const password = caller.askForToken(undefined, { grant_type: 'password' })
    expect(await denied(password)).toMatchObject({ error: 'unsupported_grant_type' })
    expect(await denied(caller.askForToken(undefined, {}))).toMatchObject({ error: 'invalid_request' })
    const asJson = new Request(`${ORIGIN}/oauth/token`, { method: 'POST', body: '{}' })
    expect(await denied(caller.simulator.fetch(asJson))).toMatchObject({ error: 'invalid_request' })
    const asGet = await caller.simulator.fetch(new Request(`${ORIGIN}/oauth/token`))
    expect(asGet.status).toBe(405)
    expect(asGet.headers.get('allow')).toBe('POST')
  })

  it('limits its rate with 400 invalid_request', async () => {
    const clock = new FakeClock()
    const caller = new Caller({ clock, limits: { tokenRequestsPerMinute: 2 } })
    await caller.askForToken()
    await caller.askForToken()
    const { error, error_description } = await denied(caller.askForToken())
    expect(error).toBe('invalid_request')
    expect(error_description).toMatch(/^rate limit exceeded;/)
    await clock.advance(60_000)
    expect((await caller.askForToken()).status).toBe(200)
  })

  it('gives a disabled client nothing and kills its tokens; an inactive one keeps them', async () => {
    const caller = await new Caller().signIn()
    const { clientId } = caller.simulator
    caller.simulator.setClientState(clientId, 'inactive')
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    expect(await denied(caller.askForToken())).toMatchObject({
      error: 'invalid_client',
      description: 'client is inactive',
    })
    caller.simulator.setClientState(clientId, 'disabled')
    expect(await denied(caller.askForToken())).toMatchObject({
      error: 'invalid_client',
      description: 'client is disabled',
    })
    expect(await refusal(caller.get('/api/v2/users'))).toMatchObject({ status: 401, code: 'bad.credentials' })
    caller.simulator.setClientState(clientId, 'active')
    expect((await caller.askForToken()).status).toBe(200)
    expect(() => caller.simulator.setClientState('nobody', 'active')).toThrow('no client nobody')
  })

  it('knows several clients, each with its own lifetime and permissions', async () => {
    const other = { clientId: 'other', clientSecret: 'its secret', tokenLifetime: 60, permissions: [] }
    const caller = new Caller({ clients: [other] })
    expect(await (await caller.askForToken('other:its secret')).json()).toMatchObject({ expires_in: 60 })
    await caller.signIn('other:its secret')
    expect((await caller.query({ interval: '2026-01-01T00:00Z/2026-01-02T00:00Z' })).status).toBe(403)
    await caller.signIn()
    expect((await caller.query({ interval: '2026-01-01T00:00Z/2026-01-02T00:00Z' })).status).toBe(200)
    caller.simulator.setClientState('other', 'disabled')
    expect((await caller.get('/api/v2/users')).status).toBe(200)
  })
})

import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { basic } from '../bearer-caller.js'
import { ACD, Caller, refusal, type TokenResponse } from './caller.js'

const JSON_TYPE = { 'content-type': 'application/json' }

async function granted(pending: Promise<Response>): Promise<TokenResponse> {
  const response = await pending
  expect(response.status).toBe(200)
  return (await response.json()) as TokenResponse
}

function claims(jwt: string): Record<string, unknown> {
  expect(jwt.split('.')).toHaveLength(3)
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

async function opens(caller: Caller, token: string): Promise<boolean> {
  caller.token = token
  return (await caller.get(`${ACD}/agents`)).status === 200
}

describe('the token endpoint', () => {
  it('gives a token, a refresh token and the tenant for an access key that ends in ====', async () => {
    const caller = new Caller({ tokenLifetime: 2.9 })
    expect(caller.accessKey.password).toMatch(/====$/)
    const response = await caller.askForToken()
    expect(response.status).toBe(200)
    expect([response.headers.get('cache-control'), response.headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
    const body = (await response.json()) as TokenResponse
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      refresh_token: expect.any(String),
      expires_in: 2,
      id_token: expect.any(String),
    })
    for (const token of [body.id_token, body.access_token]) {
      expect(claims(token)).toMatchObject({ tenantId: caller.simulator.tenantId, iss: 'https://cxone.test' })
    }
    expect(await opens(caller, body.access_token)).toBe(true)
    expect(await opens(caller, body.id_token)).toBe(false)
    expect(caller.simulator.counts).toMatchObject({ tokenRequests: 1, tokensMinted: 1, signIns: 1, refreshes: 0 })
  })

  it('takes the client by Basic with form-encoded halves, or in the body, and not twice', async () => {
    const caller = new Caller({ clientSecret: 'a+b%41 ====' })
    const { clientId: client_id, clientSecret: client_secret } = caller.simulator
    await granted(caller.askForToken(undefined, basic(`${client_id}:a%2Bb%2541+%3D%3D%3D%3D`)))
    await granted(
      caller.sendForm('/auth/token', { grant_type: 'password', ...caller.accessKey, client_id, client_secret }),
    )
    await granted(caller.askForToken({ ...caller.accessKey, client_id }))
    const raw = caller.askForToken(undefined, basic(`${client_id}:${client_secret}`))
    expect(await refusal(raw)).toMatchObject({ status: 400, error: 'invalid_client' })
    const twice = caller.askForToken({ ...caller.accessKey, client_id, client_secret })
    expect(await refusal(twice)).toMatchObject({ error: 'invalid_request' })
    const other = caller.askForToken({ ...caller.accessKey, client_id: 'another' })
    expect(await refusal(other)).toMatchObject({ error: 'invalid_request' })
  })

  it('says what is wrong in the words of RFC 6749', async () => {
    const caller = new Caller()
    const { username, password } = caller.accessKey
    const token = '/auth/token'
    for (const [pending, error] of [
      [caller.askForToken({ username, password: `${password}=` }), 'invalid_grant'],
      [caller.askForToken({ username: 'another', password }), 'invalid_grant'],
      [caller.askForToken({ username }), 'invalid_request'],
      [caller.askForToken(undefined, basic(`${caller.simulator.clientId}:wrong`)), 'invalid_client'],
      [caller.askForToken(undefined, basic(`another:wrong`)), 'invalid_client'],
      [caller.sendForm(token, { grant_type: 'password', username, password }), 'invalid_client'],
      [caller.sendForm(token, { grant_type: 'client_credentials' }, caller.client), 'unsupported_grant_type'],
      [caller.sendForm(token, { username, password }, caller.client), 'invalid_request'],
      [caller.send('POST', token, { ...caller.client, ...JSON_TYPE }, '{}'), 'invalid_request'],
      [
        caller.send(
          'POST',
          token,
          { ...caller.client, 'content-type': 'application/x-www-form-urlencoded' },
          `${new URLSearchParams({ grant_type: 'password', username, password }).toString()}&grant_type=password`,
        ),
        'invalid_request',
      ],
    ] as const) {
      const response = await pending
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await refusal(response)).toMatchObject({ status: 400, error })
    }
    expect((await caller.get(token)).status).toBe(405)
    expect(caller.simulator.counts).toMatchObject({ tokenRequests: 11, tokensMinted: 0, requests: 0 })
  })

  it('refreshes once with each refresh token, with the client or its id alone', async () => {
    const caller = new Caller()
    const first = await granted(caller.askForToken())
    const second = await granted(caller.refresh(first.refresh_token))
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await opens(caller, first.access_token)).toBe(true)
    expect(await opens(caller, second.access_token)).toBe(true)
    expect(await refusal(caller.refresh(first.refresh_token))).toMatchObject({ status: 400, error: 'invalid_grant' })
    const form = { grant_type: 'refresh_token', refresh_token: second.refresh_token }
    expect(await refusal(caller.sendForm('/auth/token', form))).toMatchObject({ error: 'invalid_client' })
    const wrong = caller.refresh(second.refresh_token, basic(`${caller.simulator.clientId}:wrong`))
    expect(await refusal(wrong)).toMatchObject({ error: 'invalid_client' })
    await granted(caller.sendForm('/auth/token', { ...form, client_id: caller.simulator.clientId }))
    expect(caller.simulator.counts).toMatchObject({ signIns: 1, refreshes: 2, tokensMinted: 3 })
  })

  it('can be told to keep the refresh token', async () => {
    const caller = new Caller({ rotateRefreshTokens: false })
    const first = await granted(caller.askForToken())
    for (let i = 0; i < 2; i++) {
      expect((await granted(caller.refresh(first.refresh_token))).refresh_token).toBe(first.refresh_token)
    }
  })

  it('lets access tokens and refresh tokens die apart', async () => {
    const clock = new FakeClock()
    const caller = new Caller({ clock, tokenLifetime: 10, refreshTokenLifetime: 20 })
    const { access_token, refresh_token } = await granted(caller.askForToken())
    await clock.advance(9_999)
    expect(await opens(caller, access_token)).toBe(true)
    await clock.advance(1)
    expect(await opens(caller, access_token)).toBe(false)
    const second = await granted(caller.refresh(refresh_token))
    caller.simulator.revokeTokens()
    expect(await opens(caller, second.access_token)).toBe(false)
    const third = await granted(caller.refresh(second.refresh_token))
    caller.simulator.revokeRefreshTokens()
    expect(await refusal(caller.refresh(third.refresh_token))).toMatchObject({ error: 'invalid_grant' })
    expect(await opens(caller, third.access_token)).toBe(true)
    const fourth = await granted(caller.askForToken())
    await clock.advance(20_000)
    expect(await refusal(caller.refresh(fourth.refresh_token))).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('the access-key endpoint', () => {
  const PATH = '/authentication/v1/token/access-key'
  const REFRESH = '/public/user/refresh'

  it('needs no client, and renews what it gave in words of its own', async () => {
    const caller = new Caller()
    const { accessKeyId, accessKeySecret } = caller.simulator
    const first = await granted(caller.sendJson('POST', PATH, { accessKeyId, accessKeySecret }))
    expect(first).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      id_token: expect.any(String),
      expires_in: 3_600,
      resource_server_base_uri: 'https://cxone.test/incontactapi/',
    })
    expect(claims(first.id_token)).toMatchObject({ tenantId: caller.simulator.tenantId })
    const renewed = await caller.sendJson('POST', REFRESH, { token: first.refresh_token })
    const body = (await renewed.json()) as { token: string }
    expect(body).toEqual({
      token: expect.any(String),
      refreshToken: expect.any(String),
      tokenExpirationTimeSec: 3_600,
      refreshTokenExpirationTimeSec: 7_200,
    })
    expect(await opens(caller, body.token)).toBe(true)
    expect(caller.simulator.counts).toMatchObject({ tokenRequests: 2, signIns: 1, refreshes: 1, requests: 1 })
  })

  it('refuses with 401 in the words of the UserHub', async () => {
    const caller = new Caller()
    const { accessKeyId } = caller.simulator
    const { refresh_token } = await granted(caller.askForToken())
    for (const [path, body] of [
      [PATH, { accessKeyId, accessKeySecret: 'wrong' }],
      [PATH, {}],
      [REFRESH, { token: 'unknown' }],
      [REFRESH, { token: refresh_token }],
      [REFRESH, {}],
    ] as const) {
      const response = await caller.sendJson('POST', path, body)
      expect(await response.json()).toMatchObject({ status: 401, error: 'Unauthorized', path })
      expect(response.status).toBe(401)
    }
    expect((await caller.sendJson('POST', PATH, 'text')).status).toBe(400)
    expect((await caller.sendForm(PATH, { accessKeyId })).status).toBe(415)
    expect((await caller.get(REFRESH)).status).toBe(405)
  })

  it('gives refresh tokens that are good only for its own refresh', async () => {
    const caller = new Caller()
    const { accessKeyId, accessKeySecret } = caller.simulator
    const { refresh_token } = await granted(caller.sendJson('POST', PATH, { accessKeyId, accessKeySecret }))
    expect(await refusal(caller.refresh(refresh_token))).toMatchObject({ error: 'invalid_grant' })
    expect((await caller.sendJson('POST', REFRESH, { token: refresh_token })).status).toBe(200)
  })
})

/**
 * A refresh token that rotates may be used once. Two refreshes at the same time look like a thief to the server, which
 * revokes the whole family (RFC 9700 section 4.14.2), and the user is logged out: oauth2-proxy/oauth2-proxy#1006 and #1992,
 * workos/authkit-nextjs#28, DuendeArchive/Support#1286. google-auth-library 10.9.1 throws the new refresh token away, and
 * simple-oauth2 5.1.0 the old one where the server sends no new one.
 *
 * everbearer has one flight, carries the last refresh token from each answer into the next request, never repeats one that
 * may have been spent, and lets it land before it closes. This is the race within one process, with a grant as a user writes
 * it; between processes it takes a store, which everbearer has not got yet.
 */
import { describe, expect, it } from '@jest/globals'
import { request } from 'undici'
import { AccessToken, Secret, TokenError, TokenManager, bearer } from '../../src/index.js'
import type { Grant } from '../../src/index.js'
import { FakeClock } from '../../src/testing/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { api, loopback, read } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import { closedLater, formOf, pass, together, until } from './issuer.js'

/** Each refresh token is good for one use; the second use of any of them ends the session for good. */
async function rotatingIssuer() {
  let valid = 'refresh-0'
  const self = {
    server: await loopback(async (incoming, outgoing) => {
      const { refresh_token = '' } = formOf(await read(incoming))
      const uses = self.server.hits.length
      self.revoked ||= refresh_token !== valid
      if (self.rotates) valid = `refresh-${uses}`
      await self.gate
      if (self.losesResponses) return void outgoing.destroy()
      if (self.revoked) return json(outgoing, 400, { error: 'invalid_grant' })
      const refreshed = self.rotates && { refresh_token: `refresh-${uses}` }
      json(outgoing, 200, { access_token: `token-${uses}`, ...refreshed, token_type: 'Bearer', expires_in: 3600 })
    }),
    revoked: false,
    /** Holds the answers up while it is pending. */
    gate: Promise.resolve(),
    losesResponses: false,
    /** Whether each use of a refresh token brings another one. */
    rotates: true,
  }
  return self
}

async function refresh(issuer: Loopback, refreshToken: string, signal?: AbortSignal) {
  const body = String(
    new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'id' }),
  )
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await request(`${issuer.origin}/token`, { method: 'POST', body, headers, signal: signal ?? null })
  const members = (await response.body.json()) as Record<string, string>
  if (response.statusCode !== 200) throw new TokenError('token_denied', 'Refused.', { status: response.statusCode })
  return { access: members['access_token']!, refresh: members['refresh_token'] }
}

/** A grant of the user's own, which writes each refresh token down before anything else. */
function refreshTokenGrant(issuer: Loopback, vault: { refreshToken: string }): Grant {
  const first = vault.refreshToken
  return {
    identity: {
      tokenEndpoint: `${issuer.origin}/token`,
      clientId: 'id',
      grantType: 'refresh_token',
      scope: [],
      resource: [],
      parameters: {},
      subject: 'alice',
    },
    repeatable: false,
    async requestToken({ previous, signal }) {
      const response = await refresh(issuer, previous?.refreshToken?.reveal() ?? first, signal).catch(
        (error: unknown) => {
          if (error instanceof TokenError) throw error
          throw new TokenError('token_endpoint_unreachable', 'The connection was lost.', { retryable: true })
        },
      )
      vault.refreshToken = response.refresh ?? vault.refreshToken
      return {
        accessToken: new AccessToken(response.access, { lifetime: 3_600_000 }),
        ...(response.refresh !== undefined && { refreshToken: new Secret(response.refresh) }),
        parameters: {},
      }
    },
  }
}

async function session() {
  const issuer = await rotatingIssuer()
  const clock = new FakeClock({ random: () => 0 })
  const vault = { refreshToken: 'refresh-0' }
  const open = () => closedLater(new TokenManager(refreshTokenGrant(issuer.server, vault), { clock }))
  const tokens = open()
  const things = await loopback(api('token-1'))
  const dispatcher = agent(bearer(tokens, { origins: [things.origin] }))
  const get = async () => (await request(things.origin, { dispatcher })).statusCode
  const refreshes = () => issuer.server.hits.length
  return { issuer, clock, vault, open, tokens, things, get, refreshes }
}

function gate() {
  let open!: () => void
  const closed = new Promise<void>((resolve) => (open = resolve))
  return { closed, open }
}

it('two refreshes at the same time end the session', async () => {
  const { server } = await rotatingIssuer()
  const outcome = together(2, () => refresh(server, 'refresh-0'))
  await expect(outcome).rejects.toMatchObject({ status: 400 })
})

describe('a manager', () => {
  it('with a hundred callers at its start, after a rejection, and at the expiry spends one refresh token each time', async () => {
    const { issuer, clock, things, get, refreshes } = await session()
    expect(await together(100, get)).toEqual(Array(100).fill(200))
    expect(refreshes()).toBe(1)
    things.listener = api('token-2')
    expect(await together(100, get)).toEqual(Array(100).fill(200))
    expect(refreshes()).toBe(2)
    clock.sleep(3_600_000)
    things.listener = api('token-3')
    expect(await together(100, get)).toEqual(Array(100).fill(200))
    expect([refreshes(), issuer.revoked]).toEqual([3, false])
  })

  it('whose token is rejected a hundred times while it is renewed in the background spends one', async () => {
    const { issuer, clock, things, get, refreshes } = await session()
    await get()
    const { closed, open } = gate()
    issuer.gate = closed
    await clock.advance(3_300_000)
    await until(() => refreshes() === 2)
    things.listener = api('token-2')
    const all = together(100, get)
    await until(() => things.hits.length === 101)
    await clock.advance(0)
    open()
    expect(await all).toEqual(Array(100).fill(200))
    expect([refreshes(), issuer.revoked]).toEqual([2, false])
  })

  it('lives through hundreds of renewals, some by schedule and some by rejection', async () => {
    const { issuer, clock, things, tokens, refreshes } = await session()
    things.listener = (_incoming, outgoing) => void outgoing.end()
    for (let i = 1; i <= 200; i++) {
      const token = await tokens.getToken()
      expect(token.reveal()).toBe(`token-${refreshes()}`)
      if (i % 2) await together(5, () => tokens.getToken({ rejected: token }))
      else await pass(clock, 3_400_000, 3_400_000)
    }
    expect(issuer.revoked).toBe(false)
    expect(refreshes()).toBeGreaterThan(199)
  })

  it('keeps a refresh token that the server does not replace', async () => {
    const { issuer, clock, tokens, refreshes } = await session()
    for (let i = 1; i <= 4; i++) {
      expect((await tokens.getToken()).reveal()).toBe(`token-${i}`)
      issuer.rotates = false
      clock.sleep(3_600_000)
    }
    expect([refreshes(), issuer.revoked]).toEqual([4, false])
  })

  it('does not send a refresh token again whose answer was lost on the way', async () => {
    const { issuer, clock, tokens, refreshes } = await session()
    issuer.losesResponses = true
    const outcome = tokens.getToken().catch((error: unknown) => error)
    await pass(clock, 10_000)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_unreachable', retryable: true })
    expect([refreshes(), issuer.revoked]).toEqual([1, false])
  })

  it('that is invalidated while it renews drops the access token and keeps the refresh token', async () => {
    const { issuer, tokens, refreshes } = await session()
    const rejected = await tokens.getToken()
    const { closed, open } = gate()
    issuer.gate = closed
    const renewed = tokens.getToken({ rejected })
    await until(() => refreshes() === 2)
    tokens.invalidate()
    open()
    expect((await renewed).reveal()).toBe('token-3')
    expect([refreshes(), issuer.revoked]).toEqual([3, false])
  })

  it('that is closed while it renews waits for the answer, and the next one goes on from there', async () => {
    const { issuer, vault, open: reopen, tokens, refreshes } = await session()
    const { closed, open } = gate()
    issuer.gate = closed
    const waiting = tokens.getToken().catch((error: unknown) => error)
    await until(() => refreshes() === 1)
    let isClosed = false
    const closing = tokens.close().then(() => (isClosed = true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isClosed).toBe(false)
    open()
    await closing
    expect(await waiting).toMatchObject({ code: 'closed' })
    expect(vault.refreshToken).toBe('refresh-1')
    expect((await reopen().getToken()).reveal()).toBe('token-2')
    expect(issuer.revoked).toBe(false)
  })
})

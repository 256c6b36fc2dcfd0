import type { ServerResponse } from 'node:http'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import { json, startAuthorizationServer } from '../grants/authorization-server.js'
import type { Arrived, AuthorizationServer } from '../grants/authorization-server.js'

/** Secrets end in four of these, and hold whatever else a form, JSON or a header could take amiss. */
export const KEY_SECRET = 'c4n4ry-key &%+"é===='
export const CLIENT_SECRET = 'c4n4ry-client&%+ ===='
export const TENANT = '11ebf8a8-0000-4000-8000-0242ac110002'

type Answer = (response: ServerResponse, arrived: Arrived) => unknown

/** NICE's authorization server on loopback. It takes any credentials, and refresh tokens that it issued, once each. */
export interface Nice extends AuthorizationServer {
  /** What it was asked for, in order, such as `password` or `refresh r1`. */
  asked(): string[]
  /** What the next token requests are answered with, before it does its work again. */
  readonly script: Answer[]
  openidConfiguration: Answer
  cxoneConfiguration: Answer
  /** What the tokens say of their tenant. */
  claims: object
}

export async function startNice(): Promise<Nice> {
  const server = await startAuthorizationServer()
  let issued = 0
  const tokens = () => {
    issued += 1
    return { access: `a${issued}`, refresh: `c4n4ry-r${issued}`, id: jwt(nice.claims) }
  }
  const nice: Nice = Object.assign(server, {
    asked: () => server.arrived.map(nameOf),
    script: [],
    claims: { tenantId: TENANT },
    openidConfiguration: (response: ServerResponse) =>
      json(response, 200, { issuer: server.origin, token_endpoint: `${server.origin}/auth/token` }),
    cxoneConfiguration: (response: ServerResponse) =>
      json(response, 200, { api_endpoint: 'https://api-na1.niceincontact.com' }),
  })
  server.response = (response, arrived) => {
    const path = arrived.url.replace(/\?.*/, '')
    if (path === '/.well-known/openid-configuration') return nice.openidConfiguration(response, arrived)
    if (path === '/.well-known/cxone-configuration') return nice.cxoneConfiguration(response, arrived)
    const scripted = nice.script.shift()
    if (scripted) return scripted(response, arrived)
    const { access, refresh, id } = tokens()
    const answer = path.endsWith('/refresh')
      ? { token: access, refreshToken: refresh, tokenExpirationTimeSec: 3_600, refreshTokenExpirationTimeSec: 7_200 }
      : { access_token: access, refresh_token: refresh, id_token: id, token_type: 'Bearer', expires_in: 3_600 }
    return json(response, 200, answer)
  }
  return nice
}

function nameOf({ url, form, body }: Arrived): string {
  const name = url.slice(url.lastIndexOf('/') + 1)
  if (name === 'token') return [form.get('grant_type'), short(form.get('refresh_token'))].join(' ').trim()
  if (name === 'refresh') return `renew ${short((JSON.parse(body) as { token: string }).token)}`
  return name
}

function short(refreshToken: string | null): string {
  return (refreshToken ?? '').replace('c4n4ry-', '')
}

/** Unsigned, which nobody looks at. */
export function jwt(claims: object): string {
  const part = (of: object) => Buffer.from(JSON.stringify(of)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.c4n4ry`
}

/** A refusal as RFC 6749 section 5.2 has it. */
export function refuse(error: string, status = 400, description = 'no'): Answer {
  return (response) => json(response, status, { error, error_description: description })
}

/** The machine's clock, without jitter, which a test sets ahead. */
export function clockAhead(): Clock & { pass(milliseconds: number): void } {
  let prefetched = 0
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + prefetched,
    random: () => 0,
    pass: (milliseconds) => void (prefetched += milliseconds),
  }
}

import { generateKeyPairSync } from 'node:crypto'

import { jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import type { AccessToken, Provider, TokenEndpointGrantContext, errors } from 'oidc-provider'

import { JWT_BEARER, TOKEN_EXCHANGE } from './registrations.js'

/** The key of whom the provider trusts to speak for its users. */
export const TRUSTED = { issuer: 'https://idp.example.com', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

type Errors = Pick<typeof errors, 'InvalidGrant' | 'InvalidRequest'>

/** Two grants that the provider leaves to others: RFC 7523 section 2.1 and RFC 8693. */
export function registerAssertionGrants(provider: Provider, { InvalidGrant, InvalidRequest }: Errors): void {
  const seen = new Set<unknown>()

  async function read(assertion: string, audience: string): Promise<JWTPayload> {
    const options = { issuer: TRUSTED.issuer, audience, requiredClaims: ['sub', 'exp', 'jti'] }
    const { payload } = await jwtVerify(assertion, TRUSTED.publicKey, options).catch((error: unknown) => {
      throw new InvalidGrant(String(error))
    })
    if (seen.has(payload.jti)) throw new InvalidGrant('the assertion was used before')
    seen.add(payload.jti)
    return payload
  }

  async function issue(ctx: TokenEndpointGrantContext, accountId: string, gty: string): Promise<AccessToken> {
    const { client, params } = ctx.oidc
    const consent = new provider.Grant({ accountId, clientId: client.clientId })
    const grantId = await consent.save()
    const { scope } = params
    const token = new provider.AccessToken({ accountId, client, grantId, gty, ...(scope !== undefined && { scope }) })
    ctx.body = { access_token: await token.save(), token_type: token.tokenType, expires_in: token.expiration, scope }
    return token
  }

  provider.registerGrantType<{ assertion?: string }>(
    JWT_BEARER,
    async (ctx) => {
      const { assertion } = ctx.oidc.params
      if (assertion === undefined) throw new InvalidRequest('no assertion')
      const { sub } = await read(assertion, `${provider.issuer}/token`)
      await issue(ctx, String(sub), JWT_BEARER)
    },
    ['assertion', 'scope'],
  )

  provider.registerGrantType<{ subject_token?: string; subject_token_type?: string }>(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const { subject_token: value = '', subject_token_type: type } = ctx.oidc.params
      if (type !== ACCESS_TOKEN) throw new InvalidRequest('no access token to exchange')
      const subject = await provider.AccessToken.find(value)
      if (subject === undefined) throw new InvalidGrant('the subject token is not known here')
      await issue(ctx, subject.accountId, TOKEN_EXCHANGE)
      Object.assign(ctx.body as object, { issued_token_type: ACCESS_TOKEN })
    },
    ['subject_token', 'subject_token_type', 'scope', 'audience'],
  )
}

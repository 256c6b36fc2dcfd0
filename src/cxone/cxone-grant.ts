import type { Dispatcher } from 'undici'

import { systemClock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import type { Secret } from '../base/secret.js'
import { parseJsonObject } from '../protocol/json.js'
import type { ServerTransport } from '../server/authorization-server.js'
import { parseIssuer } from './openid-configuration.js'
import { quietIdentity } from '../grants/quiet-identity.js'
import { tokenSet } from '../grants/token-set.js'
import type { Grant, TokenSet } from '../token/grant.js'
import { accessKeySignIn } from './access-key-sign-in.js'
import type { CxoneAccessKeyAlone, CxoneClient } from './credentials.js'
import { passwordSignIn } from './password-sign-in.js'

const DEFAULT_ISSUER = 'https://cxone.niceincontact.com'

/** NICE CXone's tokens by access key. */
export interface CxoneGrant extends Grant {
  readonly issuer: string
  /** The tenant that the tokens are of; undefined before the first one, and when none says so. */
  tenantId(): string | undefined
}

/**
 * Signs in with an access key, with a client or without, and renews by refresh token: one that did not work once is never
 * presented again, a sign-in takes its place. It does no I/O before it is asked, and then speaks HTTP/1.1, because NICE's
 * token endpoint is said to fail over HTTP/2.
 *
 * Throws {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`.
 */
export function cxoneGrant(credentials: CxoneClient | CxoneAccessKeyAlone, dispatcher?: Dispatcher): CxoneGrant {
  const issuer = parseIssuer(credentials.issuer ?? DEFAULT_ISSUER)
  const signIn = isClient(credentials) ? passwordSignIn(credentials, issuer) : accessKeySignIn(credentials)
  let tenantId: string | undefined
  let spent: Secret | undefined

  const ask = async (previous: TokenSet | undefined, transport: ServerTransport) => {
    const refreshToken = previous?.refreshToken
    if (refreshToken === undefined || spent?.equals(refreshToken)) return signIn.withAccessKey(transport)
    // Until its answer is here: what becomes of it when that is lost, nobody knows.
    spent = refreshToken
    try {
      const response = await signIn.withRefreshToken(refreshToken.reveal(), transport)
      spent = undefined
      return response
    } catch (error) {
      if (transport.signal.aborted || !(error instanceof TokenError) || error.retryable) throw error
      return signIn.withAccessKey(transport)
    }
  }

  return {
    issuer,
    tenantId: () => tenantId,
    identity: quietIdentity({
      ...signIn.identity,
      scope: [],
      resource: [],
      parameters: {},
      subject: credentials.accessKeyId,
    }),
    // A refresh token that is lost is mended by a sign-in.
    repeatable: true,
    async requestToken({ previous, signal, clock = systemClock }) {
      const set = tokenSet(await ask(previous, { dispatcher, signal, clock, allowH2: false }))
      // A renewal may bring no id token, and its access token need not be a JWT.
      tenantId = tenantOf(set.idToken?.reveal()) ?? tenantOf(set.accessToken.reveal()) ?? tenantId
      return set
    },
  }
}

function isClient(credentials: CxoneClient | CxoneAccessKeyAlone): credentials is CxoneClient {
  const { clientId, clientSecret } = credentials as Partial<CxoneClient>
  return clientId !== undefined || clientSecret !== undefined
}

function tenantOf(token: string | undefined): string | undefined {
  const tenantId = token === undefined ? undefined : readJwtClaims(token)?.['tenantId']
  return typeof tenantId === 'string' && tenantId !== '' ? tenantId : undefined
}

/**
 * The claims of a JWT (RFC 7519 section 4), or undefined for what is none. The signature is not looked at: this is for a
 * token that came from its issuer itself, over TLS (OpenID Connect Core section 3.1.3.7, point 6), and for nothing that
 * must be secret from whoever made it.
 */
export function readJwtClaims(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.', 4)
  return parts.length === 3 ? parseJsonObject(Buffer.from(String(parts[1]), 'base64url').toString()) : undefined
}

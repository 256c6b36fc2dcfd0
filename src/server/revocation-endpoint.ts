import { TokenError } from '../base/errors.js'
import { describeErrorResponse } from '../protocol/error-response.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import type { TokenSet } from '../token/grant.js'
import { requestServer } from './authorization-server.js'
import type { ServerEndpoint, ServerTransport } from './authorization-server.js'
import type { AuthenticationFields } from '../client-auth/client-authenticator.js'
import { secretQuery } from './confidential-values.js'
import { formBody } from './token-endpoint.js'

const REVOCATION_ENDPOINT: ServerEndpoint = {
  name: 'the revocation endpoint',
  unreachable: 'revocation_failed',
  unusable: 'revocation_failed',
}

/** How a client asks for a revocation. */
export interface RevocationTransport extends ServerTransport {
  readonly url: URL
  /** Made anew for each request, as at the token endpoint (RFC 7009 section 2.1). */
  authenticate(): Promise<AuthenticationFields>
}

/**
 * Revokes a token set (RFC 7009): its refresh token first, with which most servers let go of the access tokens too, then
 * its access token, which a server need not be able to revoke by itself (section 2). Throws {@link TokenError}
 * `revocation_failed`.
 */
export async function revokeTokens(
  { accessToken, refreshToken }: TokenSet,
  transport: RevocationTransport,
): Promise<void> {
  if (refreshToken) await revoke('refresh_token', refreshToken.reveal(), transport)
  try {
    await revoke('access_token', accessToken.reveal(), transport)
  } catch (error) {
    const isUnsupported = error instanceof TokenError && error.error === 'unsupported_token_type'
    if (!(refreshToken && isUnsupported)) throw error
  }
}

async function revoke(
  hint: string,
  token: string,
  { url, authenticate, ...transport }: RevocationTransport,
): Promise<void> {
  const { headers, parameters, secrets } = await authenticate()
  const { status, text, retryAfter } = await requestServer({
    ...transport,
    endpoint: REVOCATION_ENDPOINT,
    url,
    headers,
    body: formBody([['token', token], ['token_type_hint', hint], ...parameters]),
  })
  // A token that the server does not know is revoked as well (section 2.2).
  if (status < 400) return
  const hide = (quoted: string) => hideSecrets(quoted, [token, ...secrets, ...secretQuery(url)])
  const { error, errorDescription, retryable } = describeErrorResponse(status, text, hide)
  const said = [error, errorDescription && `(${errorDescription})`].filter(Boolean).join(' ')
  const advice = retryable
    ? 'The token is still good: try again later.'
    : 'Check the revocation endpoint’s address, and how the client authenticates there.'
  throw new TokenError(
    'revocation_failed',
    `The revocation endpoint answered ${status}${said && ` with ${said}`}. ${advice}`,
    { status, error, errorDescription, retryable, retryAfter },
  )
}

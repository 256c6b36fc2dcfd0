import type { TokenError } from '../base/errors.js'
import { tokenErrorFrom } from '../protocol/error-response.js'
import { encodeForm } from '../protocol/form.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import { parseTokenResponse } from '../protocol/token-response.js'
import type { TokenResponse, TokenResponseOptions } from '../protocol/token-response.js'
import type { Prover } from '../token/prover.js'
import { requestServer } from './authorization-server.js'
import type { ServerEndpoint, ServerRequest, ServerTransport } from './authorization-server.js'

const TOKEN_ENDPOINT: ServerEndpoint = {
  name: 'the token endpoint',
  unreachable: 'token_endpoint_unreachable',
  unusable: 'token_response_invalid',
}

/** What a request has where nothing is said of it. */
const PLAIN = { headers: {}, rename: undefined, prover: undefined }

/** One request to a token endpoint. */
export interface TokenRequest extends ServerTransport {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body: NonNullable<ServerRequest['body']>
  /** What a server must not make us print by quoting it back. */
  readonly secrets: readonly string[]
  /** The answer's members by their names of RFC 6749, for a server that has others. */
  readonly rename?: TokenResponseOptions['rename']
  /** Whose key the token is to be bound to (RFC 9449 section 5). */
  readonly prover?: Prover | undefined
}

/** The body of a token request as RFC 6749 section 3.2 has it. */
export function formBody(parameters: Iterable<readonly [name: string, value: string]>): TokenRequest['body'] {
  return { type: 'application/x-www-form-urlencoded', text: encodeForm(parameters) }
}

/** The body of a token request to a server that has its own way. */
export function jsonBody(members: Readonly<Record<string, unknown>>): TokenRequest['body'] {
  return { type: 'application/json', text: JSON.stringify(members) }
}

/** POSTs once to a token endpoint (RFC 6749 section 3.2) and reads the answer. Throws {@link TokenError}. */
export async function postToTokenEndpoint(request: TokenRequest): Promise<TokenResponse> {
  const { secrets, rename, prover, ...sent } = { ...PLAIN, ...request }
  const proven = { method: 'POST', url: sent.url.href, clock: sent.clock }
  const headers = { ...sent.headers, ...(prover && { dpop: await prover.prove(proven) }) }
  const response = await requestServer({ ...sent, headers, endpoint: TOKEN_ENDPOINT })
  const { status, text, type, nonce, retryAfter } = response
  if (nonce !== undefined) prover?.remember(proven, nonce)
  const hide = (quoted: string) => hideSecrets(quoted, secrets)
  if (status >= 400) throw tokenErrorFrom(status, text, retryAfter, hide)
  return parseTokenResponse(text, { type, hide, rename, tokenType: prover && 'DPoP' })
}

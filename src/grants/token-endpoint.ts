import type { TokenError } from '../base/errors.js'
import { ownMembers } from '../base/own-members.js'
import { tokenErrorFrom } from '../protocol/error-answer.js'
import { encodeForm } from '../protocol/form.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import { parseTokenAnswer } from '../protocol/token-answer.js'
import type { TokenAnswer, TokenAnswerReading } from '../protocol/token-answer.js'
import type { Prover } from '../token/prover.js'
import { askAuthorizationServer } from './authorization-server.js'
import type { AuthorizationEndpoint, AuthorizationRequest, AuthorizationTransport } from './authorization-server.js'

const TOKEN_ENDPOINT: AuthorizationEndpoint = {
  name: 'the token endpoint',
  unreachable: 'token_endpoint_unreachable',
  unusable: 'token_answer_invalid',
}

/** One request to a token endpoint. */
export interface TokenRequest extends AuthorizationTransport {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body: NonNullable<AuthorizationRequest['body']>
  /** What a server must not make us print by quoting it back. */
  readonly secrets: readonly string[]
  /** The answer's members by their names of RFC 6749, for a server that has others. */
  readonly rename?: TokenAnswerReading['rename']
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
export async function postToTokenEndpoint(request: TokenRequest): Promise<TokenAnswer> {
  const { secrets, rename, prover, ...sent } = ownMembers(request)
  const proven = { method: 'POST', url: sent.url.href, clock: sent.clock }
  const headers = { ...sent.headers, ...(prover && { dpop: await prover.prove(proven) }) }
  const answer = await askAuthorizationServer({ ...sent, headers, endpoint: TOKEN_ENDPOINT })
  const { status, text, type, nonce, retryAfter } = answer
  if (nonce !== undefined) prover?.remember(proven, nonce)
  const hide = (quoted: string) => hideSecrets(quoted, secrets)
  if (status >= 400) throw tokenErrorFrom(status, text, retryAfter, hide)
  return parseTokenAnswer(text, { type, hide, rename, tokenType: prover && 'DPoP' })
}

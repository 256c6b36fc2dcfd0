import type { Dispatcher } from 'undici'

import { readText } from '../base/body-text.js'
import type { Clock } from '../base/clock.js'
import { defaultDispatcher, TOKEN_REQUEST } from '../base/dispatcher.js'
import { TokenError } from '../base/errors.js'
import { describeFailure } from '../base/network-failure.js'
import { tokenErrorFrom } from '../protocol/error-answer.js'
import { encodeForm } from '../protocol/form.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import { parseRetryAfter } from '../protocol/retry-after.js'
import { parseTokenAnswer } from '../protocol/token-answer.js'
import type { TokenAnswer } from '../protocol/token-answer.js'

/** No token answer comes near it; without a limit a wrong address could fill the memory. */
const MOST_BYTES = 64 * 1024

/** One request to a token endpoint. */
export interface TokenRequest {
  readonly url: URL
  readonly parameters: Iterable<readonly [name: string, value: string]>
  readonly headers: Readonly<Record<string, string>>
  /** What a server must not make us print by quoting it back. */
  readonly secrets: readonly string[]
  readonly dispatcher: Dispatcher | undefined
  readonly signal: AbortSignal
  readonly clock: Clock
}

/**
 * POSTs once to a token endpoint (RFC 6749 section 3.2) and reads the answer. A redirect is refused, since it would
 * take the credentials along; an answer of more than 64 KiB is cut off. Throws {@link TokenError}.
 */
export async function postToTokenEndpoint(request: TokenRequest): Promise<TokenAnswer> {
  const { status, headers, text } = await exchange(request)
  const hide = (quoted: string) => hideSecrets(quoted, request.secrets)
  if (status >= 300 && status < 400) {
    throw new TokenError(
      'token_answer_invalid',
      `The token endpoint answered ${status}, a redirect, which is not followed with credentials: check its URL.`,
      { status },
    )
  }
  if (status >= 200 && status < 300) return parseTokenAnswer(text, hide)
  const retryAfter = parseRetryAfter(headers['retry-after'], request.clock.now())
  throw tokenErrorFrom(status, text, retryAfter, hide)
}

async function exchange({ url, parameters, headers, dispatcher, signal }: TokenRequest) {
  const options = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST' as const,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: encodeForm(parameters),
    signal,
    // For a redirect interceptor in the user's dispatcher.
    maxRedirections: 0,
    [TOKEN_REQUEST]: true,
  }
  try {
    // A method of the dispatcher, not undici's request(): that one cannot drive a dispatcher of another major version.
    const answer = await (dispatcher ?? defaultDispatcher()).request(options)
    const text = await readText(answer.body, MOST_BYTES)
    // An error is known by its status, however long its page is.
    if (text === undefined && answer.statusCode < 400) {
      const message = `The token endpoint's answer is longer than ${MOST_BYTES} bytes: check its URL.`
      throw new TokenError('token_answer_invalid', message, { status: answer.statusCode })
    }
    return { status: answer.statusCode, headers: answer.headers, text: text ?? '' }
  } catch (error) {
    if (error instanceof TokenError) throw error
    if (signal.aborted) throw signal.reason
    const failure = describeFailure(error)
    throw new TokenError(
      'token_endpoint_unreachable',
      `The token endpoint at ${url.origin} could not be reached: ${failure.text}. Check its host, then DNS, firewall and proxy.`,
      { retryable: failure.transient, requestSent: failure.sent },
    )
  }
}

import { TokenError } from '../base/errors.js'
import type { EverbearerError, TokenErrorDetails } from '../base/errors.js'
import { describeErrorResponse } from '../protocol/error-response.js'
import { parseJsonObject } from '../protocol/json.js'
import { requestServer } from './authorization-server.js'
import type { ServerTransport } from './authorization-server.js'

/** A document that says where something is. */
export interface DiscoveryRequest extends ServerTransport {
  readonly url: URL
  /** In the middle of a sentence: "the OpenID configuration". */
  readonly name: string
}

/** The members of such a document. Throws {@link TokenError} `discovery_failed`. */
export async function readDiscoveryDocument(request: DiscoveryRequest): Promise<Record<string, unknown>> {
  const { name, url } = request
  const endpoint = { name, unreachable: 'discovery_failed', unusable: 'discovery_failed' } as const
  const { status, text, retryAfter } = await requestServer({ ...request, endpoint })
  if (status >= 400) {
    const { retryable } = describeErrorResponse(status, text)
    const advice = retryable ? 'The same request may succeed later.' : 'Check the issuer.'
    throw discoveryError(`The answer for ${name} at ${url.origin} was ${status}. ${advice}`, {
      status,
      retryable,
      retryAfter,
    })
  }
  const members = parseJsonObject(text)
  if (members === undefined) {
    throw discoveryError(`What answers for ${name} at ${url.origin} is not a JSON object: check the issuer.`, {
      status,
    })
  }
  return members
}

export function discoveryError(message: string, details?: TokenErrorDetails): TokenError {
  return new TokenError('discovery_failed', message, details)
}

/** A place that a document names. What is wrong with it is the document's fault, and no option's. */
export function namedPlace<Place>(value: unknown, document: string, parse: (text: string) => Place): Place {
  try {
    return parse(typeof value === 'string' ? value : '')
  } catch (error) {
    throw discoveryError(`${document} leads nowhere. ${(error as EverbearerError).message}`)
  }
}

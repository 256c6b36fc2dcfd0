import { iso } from '../platform/moment.js'
import { json } from '../platform/responses.js'
import { OAuthRefusal, Refusal, type Arrival, type Refusals } from '../platform/refusal.js'
import { isAcdPath } from './acd-path.js'
import { TOKEN_PATH } from './token-paths.js'

const USER_HUB = /^\/(user-management|authentication|public)\//

/** Thrown wherever CXone says no. Which of its error bodies that is goes by the path. */
export class CxoneRefusal extends Refusal {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }

  response({ url: { pathname }, id, at }: Arrival): Response {
    const { status, code, message, headers } = this
    if (USER_HUB.test(pathname)) {
      const body =
        status === 401
          ? { timestamp: iso(at), status, error: 'Unauthorized', message, path: pathname }
          : { code, details: message, hostname: `simulated-${id.slice(0, 8)}`, entityType: null, errors: {} }
      return json(status, body, headers)
    }
    const body = { error: code, error_description: message }
    return json(status, body, { ...headers, ...(isAcdPath(pathname) && { icstatusdescription: message }) })
  }
}

/** The client is not known: 400 at the token endpoint of RFC 6749, 401 at the others. */
class ClientDenied extends Refusal {
  response(arrival: Arrival): Response {
    if (arrival.url.pathname === TOKEN_PATH) return new OAuthRefusal('invalid_client', this.message).response()
    return new CxoneRefusal(401, 'unauthorized', this.message).response(arrival)
  }
}

function waiting(retryAfter: number | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
}

/** 400 for something that a request has wrong. */
export function badRequest(message: string): CxoneRefusal {
  return new CxoneRefusal(400, 'invalid_request', message)
}

/** 400 for something real that the simulator would otherwise have to leave out of account, giving a wrong answer. */
export function notModelled(what: string): CxoneRefusal {
  return badRequest(`${what} is not modelled by the simulator.`)
}

/** 404 for what is not there. */
export function notFound(what: string): CxoneRefusal {
  return new CxoneRefusal(404, 'not_found', `There is no such ${what}.`)
}

/** What CXone refuses as every platform does. The codes are guesses. */
export const REFUSALS: Refusals = {
  tokenMissing: () => new CxoneRefusal(401, 'invalid_request', 'The request has no bearer token.'),
  tokenBad: () => new CxoneRefusal(401, 'invalid_token', 'The access token is invalid or has expired.'),
  addressRefused: () => new CxoneRefusal(401, 'access_denied', 'Requests from this address are not allowed.'),
  forbidden: (permissions) => {
    return new CxoneRefusal(403, 'access_denied', `The role has none of these permissions: ${permissions.join(', ')}`)
  },
  notFound: () => new CxoneRefusal(404, 'not_found', 'The requested resource is not found.'),
  methodNotAllowed: (method, allow) =>
    new CxoneRefusal(405, 'method_not_allowed', `The method ${method} is not allowed here.`, { allow }),
  bodyTooLarge: (maximum) => new CxoneRefusal(413, 'too_large', `The body is longer than ${maximum} bytes.`),
  typeNotSupported: (type) =>
    new CxoneRefusal(415, 'unsupported_media_type', `The content type [${type}] is not supported.`),
  bodyNotJson: () => badRequest('The request body is not JSON.'),
  tooManyRequests: (retryAfter) =>
    new CxoneRefusal(429, 'too_many_requests', 'There are too many requests.', waiting(retryAfter)),
  internalError: () => new CxoneRefusal(500, 'server_error', 'The server failed to handle the request.'),
  unavailable: (retryAfter) =>
    new CxoneRefusal(503, 'temporarily_unavailable', 'The service is not available for now.', waiting(retryAfter)),
  gatewayTimeout: () => new CxoneRefusal(504, 'timeout', 'The request took too long.'),
  clientDenied: () => new ClientDenied('Client authentication failed.'),
  tokenRateLimited: (retryAfter) =>
    new CxoneRefusal(429, 'too_many_requests', 'There are too many token requests.', waiting(retryAfter)),
}

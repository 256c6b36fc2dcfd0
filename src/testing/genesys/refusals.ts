import type { Refusals } from '../platform/refusal.js'
import { ApiRefusal, LoginRefusal, tooManyRequests } from './responses.js'

/** What Genesys refuses as every platform does, in its words. */
export const REFUSALS: Refusals = {
  tokenMissing: () => {
    const message = 'No authentication bearer token specified in authorization header.'
    return new ApiRefusal(401, 'authentication.required', message)
  },
  tokenBad: () => new ApiRefusal(401, 'bad.credentials', 'Invalid login credentials.'),
  addressRefused: () => new ApiRefusal(401, 'ip.not.authorized', 'Requests from this address are not authorized.'),
  forbidden: (permissions) => {
    const list = permissions.join(', ')
    const message = `Unable to perform the requested action. You must have at least one of the following permissions assigned: ${list}`
    return new ApiRefusal(403, 'missing.any.permissions', message, { messageParams: { permissions: list } })
  },
  notFound: () => new ApiRefusal(404, 'not.found', 'The requested resource is not found.'),
  methodNotAllowed: (method, allow) =>
    new ApiRefusal(405, 'method.not.allowed', `The method ${method} is not allowed here.`, { headers: { allow } }),
  bodyTooLarge: (maximum) => {
    const message = `The request is over the size limit. Maximum bytes: ${maximum}`
    return new ApiRefusal(413, 'request.entity.too.large', message)
  },
  typeNotSupported: (type) =>
    new ApiRefusal(415, 'unsupported.media.type', `The content type [${type}] is not supported.`),
  bodyNotJson: () => new ApiRefusal(400, 'bad.request', 'The request body is not JSON.'),
  tooManyRequests: (retryAfter = 1) => tooManyRequests(retryAfter),
  internalError: () => new ApiRefusal(500, 'internal.server.error', 'The server failed to handle the request.'),
  unavailable: (retryAfter) => {
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
    return new ApiRefusal(503, 'service.unavailable', 'The service is not available for now.', { headers })
  },
  gatewayTimeout: () => new ApiRefusal(504, 'request.timeout', 'The request took too long.'),
  clientDenied: () => new LoginRefusal('invalid_client', 'authentication failed'),
  // The token endpoint's own way to say 429.
  tokenRateLimited: (retryAfter = 1) =>
    new LoginRefusal('invalid_request', `rate limit exceeded; too many token requests, try again in ${retryAfter} s`),
}

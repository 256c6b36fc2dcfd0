import { json } from './responses.js'

/** A request that has arrived at a simulator. */
export interface Arrival {
  readonly request: Request
  readonly url: URL
  /** By which the platform could tell it from every other one. */
  readonly id: string
  /** The time on the platform's clock, in milliseconds since the epoch. */
  readonly at: number
}

/** Thrown wherever a platform says no, in whatever words it has for that. */
export abstract class Refusal extends Error {
  abstract response(arrival: Arrival): Response
}

/** Thrown wherever an authorization server says no: RFC 6749 section 5.2. */
export class OAuthRefusal extends Refusal {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }

  response(): Response {
    return json(400, this.body(), { 'cache-control': 'no-store' })
  }

  protected body(): Record<string, string> {
    return { error: this.error, error_description: this.message }
  }
}

/** The words of one platform for what every platform refuses. */
export interface Refusals {
  /** 401: no bearer token. */
  readonly tokenMissing: () => Refusal
  /** 401: a token that is unknown, expired or revoked. */
  readonly tokenBad: () => Refusal
  /** 401, or whatever an address gets that is not allowed. */
  readonly addressRefused: () => Refusal
  /** 403: none of these permissions. */
  readonly forbidden: (permissions: readonly string[]) => Refusal
  /** 404: there is nothing at this address. */
  readonly notFound: () => Refusal
  /** 405 */
  readonly methodNotAllowed: (method: string, allowed: string) => Refusal
  /** 413 */
  readonly bodyTooLarge: (maximum: number) => Refusal
  /** 415 */
  readonly typeNotSupported: (type: string) => Refusal
  /** 400: a body that is not JSON. */
  readonly bodyNotJson: () => Refusal
  /** 429 */
  readonly tooManyRequests: (retryAfter?: number) => Refusal
  /** 500 */
  readonly internalError: () => Refusal
  /** 503 */
  readonly unavailable: (retryAfter?: number) => Refusal
  /** 504 */
  readonly gatewayTimeout: () => Refusal
  /** The authorization server's, to a client that it does not know. */
  readonly clientDenied: () => Refusal
  /** The authorization server's, to a client that asks too often. */
  readonly tokenRateLimited: (retryAfter?: number) => Refusal
}

/** Answers, by what was thrown when that is a refusal. */
export async function responseOrRefusal(
  arrival: Arrival,
  response: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await response()
  } catch (error) {
    if (error instanceof Refusal) return error.response(arrival)
    throw error
  }
}

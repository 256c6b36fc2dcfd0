import type { AccessToken } from '../token/access-token.js'

/**
 * A dispatch option by which an endpoint client hears what becomes of its request's token. The caller of a plain request
 * sees only the answer; a client with patience waits as long as an exchange's error asks for.
 */
export const REQUEST_OBSERVER: unique symbol = Symbol('everbearer.requestObserver')

/** Dispatch options that may carry {@link REQUEST_OBSERVER}. */
export interface RequestObserverOption {
  [REQUEST_OBSERVER]?: {
    /** The request goes out with this token. */
    onStamped(token: AccessToken): void
    /** The token was refused, and this comes of its exchange. */
    onRejected(exchange: Promise<AccessToken>): void
  }
}

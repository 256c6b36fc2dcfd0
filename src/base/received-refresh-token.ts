import { Secret } from './secret.js'

const received = new WeakMap<object, Secret>()

/**
 * Notes the refresh token of a response that is rejected for another member. Where refresh tokens rotate, it is the only
 * one that the server still accepts. The error itself shows nothing of it.
 */
export function noteRefreshToken(error: object, refreshToken: string): void {
  received.set(error, new Secret(refreshToken))
}

/** Returns the refresh token that came with the response that was rejected with this error. */
export function notedRefreshToken(error: unknown): Secret | undefined {
  return received.get(Object(error) as object)
}

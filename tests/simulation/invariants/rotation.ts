import type { Invariant } from './invariant.js'

/**
 * A server that sees a refresh token a second time ends the session (RFC 9700 section 4.14.2). Sent twice means: again
 * although the one that takes its place has arrived. One that was sent without an answer is all that there is.
 */
export const refreshTokenIsKept: Invariant = ({ events }) => {
  const promise = 'A rotated refresh token is never lost and never sent twice'
  const sent = new Map<number, string | undefined>()
  let known: string | undefined
  let before: string | undefined
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token requested': {
        const { request, refreshToken } = happening
        // One that arrived this very moment may be a promise away.
        if (refreshToken !== known && refreshToken !== before) {
          return {
            promise,
            why: `Request ${request} is made with ${refreshToken ?? 'none'} instead of ${known ?? 'none'}.`,
            event,
          }
        }
        sent.set(request, refreshToken)
        break
      }
      case 'token answered': {
        const { request, outcome } = happening
        if (outcome.refreshToken !== undefined && sent.get(request) === known) {
          known = outcome.refreshToken
        }
        break
      }
      case 'turn':
        before = known
        break
      default:
    }
  }
  return undefined
}

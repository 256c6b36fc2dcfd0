import type { Instant } from '../../../src/base/clock.js'
import { between } from './invariant.js'
import type { Invariant } from './invariant.js'

/**
 * Looked at when the subject hands a request to the dispatcher or the fetch below, and a token to a caller. What undici
 * does with a request after that, such as letting it wait for a connection, is not in the subject's hands.
 */
export const noExpiredToken: Invariant = ({ events }) => {
  const promise = 'No request leaves with a token that has expired by either clock'
  const sentAt = new Map<number, Instant>()
  const lives = new Map<string, { since: Instant; lifetime: number }[]>()
  const isExpired = (token: string, now: Instant) => {
    const all = lives.get(token)
    return all !== undefined && all.every(({ since, lifetime }) => between(since, now) >= lifetime)
  }
  for (const [event, happening] of events.entries()) {
    const { at } = happening
    if (happening.what === 'token requested') sentAt.set(happening.request, at)
    if (happening.what === 'token answered' && 'token' in happening.outcome) {
      const { token, lifetime = Infinity } = happening.outcome
      lives.set(token, [...(lives.get(token) ?? []), { since: sentAt.get(happening.request)!, lifetime }])
    }
    if (happening.what === 'dispatched' && !happening.byFetch) {
      const expired = happening.tokens.find((token) => isExpired(token, at))
      if (expired !== undefined) return { promise, why: `Request ${happening.request} leaves with ${expired}.`, event }
    }
    if (happening.what === 'ended' && 'token' in happening.as && isExpired(happening.as.token, at)) {
      return { promise, why: `Call ${happening.call} is given ${happening.as.token}.`, event }
    }
  }
  return undefined
}

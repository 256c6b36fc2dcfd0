import type { Invariant } from './invariant.js'

/** Whoever calls later gets one that was asked for later; who waits already may be given the one that came for him. */
export const invalidatedTokenIsGone: Invariant = ({ events }) => {
  const promise = 'After invalidate() no caller is given a token that was asked for before'
  const flights = new Map<number, number>()
  const flightOf = new Map<number, number>()
  const askedAt = new Map<string, number>()
  const calledAt = new Map<number, number>()
  let invalidatedAt = -1
  const isGone = (call: number, token: string) =>
    calledAt.get(call)! > invalidatedAt && (askedAt.get(token) ?? Infinity) < invalidatedAt
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'called':
        calledAt.set(happening.call, event)
        break
      case 'invalidated':
        invalidatedAt = event
        break
      case 'token requested':
        if (!flights.has(happening.flight)) flights.set(happening.flight, event)
        flightOf.set(happening.request, happening.flight)
        break
      case 'token answered':
        if ('token' in happening.outcome) {
          // A server may give the same token again, also in a late answer to a flight from before.
          const { token } = happening.outcome
          const asked = flights.get(flightOf.get(happening.request)!)!
          askedAt.set(token, Math.max(asked, askedAt.get(token) ?? 0))
        }
        break
      case 'dispatched': {
        const { call, request, tokens, byFetch } = happening
        const gone = byFetch ? undefined : tokens.find((token) => isGone(call, token))
        if (gone !== undefined) return { promise, why: `Request ${request} leaves with ${gone}.`, event }
        break
      }
      case 'ended': {
        const { call, as } = happening
        if ('token' in as && isGone(call, as.token))
          return { promise, why: `Call ${call} is given ${as.token}.`, event }
        break
      }
      default:
        break
    }
  }
  return undefined
}

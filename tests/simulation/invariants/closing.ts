import type { Invariant } from './invariant.js'

/** What is left after close: only a flight that spends a credential, until it lands or its time is up. */
export const nothingRunsAfterClose: Invariant = ({ events, settings }) => {
  const promise = 'Nothing is left running after close'
  const flights = new Set<number>()
  const open = new Map<number, number>()
  let called = 0
  let closed = 0
  let wantsRevocation = false
  /** Whoever was given a token at the same time as the manager was closed has been told. */
  let isOver = false
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token requested': {
        const { request, flight } = happening
        if (closed > 0) return { promise, why: `Request ${request} is made after close has ended.`, event }
        if (called > 0 && (settings.grant === 'repeatable' || !flights.has(flight))) {
          return { promise, why: `Request ${request} is made after close was called.`, event }
        }
        flights.add(flight)
        open.set(request, flight)
        break
      }
      case 'token answered':
        open.delete(happening.request)
        break
      case 'flight aborted':
        for (const [request, flight] of open) if (flight === happening.flight) open.delete(request)
        break
      case 'revocation requested':
        if (!wantsRevocation) return { promise, why: 'A token is revoked that nobody wanted revoked.', event }
        break
      case 'close called':
        called += 1
        wantsRevocation ||= happening.revoke
        break
      case 'closed':
        closed += 1
        if (happening.error !== undefined) return { promise, why: `close fails: ${happening.error}`, event }
        if (open.size > 0)
          return { promise, why: `close has ended, and request ${[...open.keys()].join()} is under way.`, event }
        break
      case 'ended':
        if (isOver && 'token' in happening.as) return { promise, why: `Call ${happening.call} gets a token.`, event }
        break
      case 'turn':
        isOver ||= closed > 0
        break
      case 'aftermath':
        if (closed !== called)
          return { promise, why: `close was called ${called} times and ended ${closed} times.`, event }
        if (happening.timers > 0) return { promise, why: `${happening.timers} timers are still set.`, event }
        break
      default:
    }
  }
  return undefined
}

/** At the latest when everything has ended: the revocation has a flight of its own. */
export const revokesWhatItWasTold: Invariant = ({ events }) => {
  const promise = 'close({ revoke: true }) revokes the token'
  let isArriving = false
  let hasToken = false
  let isDue = false
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token answered':
        isArriving ||= 'token' in happening.outcome
        break
      case 'turn':
        hasToken ||= isArriving
        break
      case 'close called':
        isDue ||= happening.revoke && hasToken
        break
      case 'revocation requested':
        return undefined
      case 'aftermath':
        if (isDue) return { promise, why: 'Nobody asked for it.', event }
        break
      default:
    }
  }
  return undefined
}

import { ROUNDING } from './invariant.js'
import type { Invariant } from './invariant.js'

/** A flight ends by its own time-out or by close; a request by its own caller, or because another takes its place. */
export const othersAreLeftAlone: Invariant = ({ events, settings }) => {
  const promise = 'A caller that gives up leaves the others alone'
  const began = new Map<number, number>()
  const calls = new Map<number, number>()
  let closing = false
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token requested':
        if (!began.has(happening.flight)) began.set(happening.flight, happening.at.monotonic)
        break
      case 'flight aborted': {
        const { flight, reason, at } = happening
        // The reason says what kept the flight until then.
        const isLate = reason !== 'closed' && at.monotonic - began.get(flight)! >= settings.timeout - ROUNDING
        if (!isLate && !(reason === 'closed' && closing))
          return { promise, why: `Flight ${flight} is aborted: ${reason}.`, event }
        break
      }
      case 'dispatched':
        calls.set(happening.request, happening.call)
        break
      case 'request aborted': {
        const { request, reason } = happening
        const own = `call ${calls.get(request)} was given up`
        if (reason !== own && !OURS.has(reason))
          return { promise, why: `Request ${request} is aborted: ${reason}.`, event }
        break
      }
      case 'ended':
        if ('givenUp' in happening.as && happening.as.givenUp !== happening.call) {
          return {
            promise,
            why: `Call ${happening.call} ends because call ${happening.as.givenUp} was given up.`,
            event,
          }
        }
        break
      case 'close called':
        closing = true
        break
      case 'aftermath':
        {
          const left = happening.listeners.reduce((sum, count) => sum + count, 0)
          if (left > 0) return { promise: 'No listener is left on a caller’s signal', why: `${left} are.`, event }
        }
        break
      default:
    }
  }
  return undefined
}

/** Why an attempt is given up for another, by the interceptor and by fetch's caller. */
const OURS: ReadonlySet<string> = new Set(['Replaced by a request with a new token', 'nobody reads on'])

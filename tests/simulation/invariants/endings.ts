import type { Ending, Happening } from '../record.js'
import type { Invariant } from './invariant.js'

/** Errors that come of what a manager knows, after something of this kind was seen; all others are a token request's own. */
const CAUSES: Readonly<Record<string, readonly Happening['what'][]>> = {
  closed: ['close called'],
  token_rejected: ['answered', 'called'],
  token_unavailable: ['token answered', 'flight aborted'],
  // A token had expired when it arrived.
  token_response_invalid: ['token answered'],
}

/** No rejection is unhandled either. */
export const nothingIsThrown: Invariant = ({ events }) => {
  const event = events.findIndex(({ what }) => what === 'broke')
  const broke = events[event]
  if (broke?.what !== 'broke') return undefined
  return {
    promise: 'Nothing is thrown that nobody can catch, and nothing goes round in circles',
    why: broke.error,
    event,
  }
}

/** With a token, with a whole answer to one of its own requests, with its own abort, or with an error that says why. */
export const everyCallEndsOnce: Invariant = ({ events }) => {
  const promise = 'Every call ends exactly once, with what belongs to it'
  const ended = new Set<number>()
  const broken = new Set<number>()
  const answers = new Map<number, Map<string, number>>()
  const requests = new Map<number, { call: number; status: number }>()
  const seen = new Set<string>()
  const isCaused = (code: string) => seen.has(code) || CAUSES[code]?.some((what) => seen.has(what)) === true
  const belongs = (call: number, as: Ending) => {
    if ('token' in as) return true
    if ('givenUp' in as) return as.givenUp === call
    if ('error' in as) return isCaused(as.error) || (as.error === 'connection lost' && broken.has(call))
    return answers.get(call)?.get(as.text) === as.status
  }
  for (const [event, happening] of events.entries()) {
    seen.add(happening.what)
    switch (happening.what) {
      case 'token answered':
        if ('error' in happening.outcome) seen.add(happening.outcome.error)
        break
      case 'flight aborted':
        seen.add(happening.reason)
        break
      case 'dispatched':
        requests.set(happening.request, { call: happening.call, status: 0 })
        break
      case 'answered':
        requests.get(happening.request)!.status = happening.status
        break
      case 'finished': {
        const { call, status } = requests.get(happening.request)!
        if (happening.broken) broken.add(call)
        else answers.set(call, (answers.get(call) ?? new Map<string, number>()).set(happening.text, status))
        break
      }
      case 'ended': {
        const { call, as } = happening
        if (ended.has(call)) return { promise, why: `Call ${call} ends a second time.`, event }
        if (!belongs(call, as)) return { promise, why: `Call ${call} ends with ${JSON.stringify(as)}.`, event }
        ended.add(call)
        break
      }
      case 'misdelivered':
        return { promise, why: `The handler of call ${happening.call} is told: ${happening.events}.`, event }
      case 'aftermath':
        {
          const [call] = happening.openCalls
          if (call !== undefined) return { promise, why: `Call ${call} never ends.`, event }
        }
        break
      default:
    }
  }
  return undefined
}

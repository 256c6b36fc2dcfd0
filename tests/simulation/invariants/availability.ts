import type { Event } from '../record.js'
import { between } from './invariant.js'
import type { Invariant } from './invariant.js'

const FAILURES: ReadonlySet<string> = new Set(['token_unavailable', 'token_denied', 'token_response_invalid'])

/** Told by what the server has sent, for a server that answers at once, and until anything else happens to a token. */
export const noCallFailsInVain: Invariant = ({ events, settings }) => {
  const promise = 'No call fails while a valid token exists or can be had by asking'
  const { prompt, habit } = settings
  if (prompt === undefined) return undefined
  const sentAt = new Map<number, Event['at']>()
  let last: { since: Event['at']; lifetime: number } | undefined
  let issuedAt: Event['at'] | undefined
  let name: string | undefined
  for (const [event, happening] of events.entries()) {
    const { at } = happening
    switch (happening.what) {
      case 'token requested':
        sentAt.set(happening.request, at)
        break
      case 'token answered': {
        const { outcome, answer, request } = happening
        if ('error' in outcome) {
          if (answer !== 'too young') return undefined
          break
        }
        const since = sentAt.get(request)!
        last = { since, lifetime: outcome.lifetime ?? Infinity }
        if (outcome.token !== name) issuedAt = since
        name = outcome.token
        break
      }
      case 'ended': {
        const { call, as } = happening
        if (!('error' in as) || !FAILURES.has(as.error) || last === undefined || issuedAt === undefined) break
        const isValid = between(last.since, at) < last.lifetime
        const share = habit?.kind === 'refuses young' ? habit.share : habit?.kind === 'repeats' ? 1 : 0
        const canBeHad = at.monotonic - issuedAt.monotonic >= share * prompt
        if (isValid || canBeHad) return { promise, why: `Call ${call} ends with ${as.error}.`, event }
        break
      }
      default:
        if (ENDS.has(happening.what) || (happening.what === 'answered' && happening.status === 401)) return undefined
        if (happening.what === 'called' && happening.rejected !== undefined) return undefined
    }
  }
  return undefined
}

const ENDS: ReadonlySet<string> = new Set([
  'invalidated',
  'reset',
  'revoked',
  'jumped',
  'slept',
  'outage',
  'close called',
  'flight aborted',
  'epilogue',
])

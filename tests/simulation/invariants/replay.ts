import type { Instant } from '../../../src/base/clock.js'
import { between } from './invariant.js'
import type { Invariant } from './invariant.js'

const AGAIN = 'A request is sent again at most twice, each time with another token and its whole body'
const NEWER = 'A refused token is not sent again once there is a newer one'

export const oneWholeReplay: Invariant = ({ events }) => {
  const bodies = new Map<number, string>()
  const attempts = new Map<string, { request: number; tokens: string[] }[]>()
  const hops = new Map<number, { call: number; hop: number }>()
  /** Where a token was refused: of a fetch, which may have been redirected since, the whole call. */
  const refused = new Set<string>()
  const fetches = new Set<number>()
  const placeOf = (call: number, hop: number) => (fetches.has(call) ? `${call}` : `${call}/${hop}`)
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'called':
        bodies.set(happening.call, happening.body ?? '')
        if (happening.through === 'fetch') fetches.add(happening.call)
        break
      case 'dispatched': {
        const { request, call, hop, tokens, byFetch } = happening
        const key = `${call}/${hop}`
        const before = attempts.get(key) ?? []
        const [first] = before
        hops.set(request, { call, hop })
        attempts.set(key, [...before, { request, tokens }])
        if (first === undefined) break
        if (before.length > 2) return { promise: AGAIN, why: `Request ${request} is its fourth.`, event }
        if (!byFetch && before.some((one) => one.tokens.some((token) => tokens.includes(token)))) {
          return { promise: AGAIN, why: `Request ${request} goes out with ${tokens.join(', ')} again.`, event }
        }
        if (!refused.has(placeOf(call, hop)))
          return { promise: AGAIN, why: `Nothing was the matter with request ${first.request}.`, event }
        break
      }
      case 'answered':
        {
          const { call, hop } = hops.get(happening.request)!
          if (happening.refused) refused.add(placeOf(call, hop))
        }
        break
      case 'body read':
        {
          const { request, text, whole } = happening
          const { call, hop } = hops.get(request)!
          if (whole && hop === 0 && text !== bodies.get(call)) {
            return {
              promise: AGAIN,
              why: `Request ${request} has the body “${text}”, not “${bodies.get(call)}”.`,
              event,
            }
          }
        }
        break
      default:
    }
  }
  return undefined
}

/** Newer: it has arrived in a flight that was still wanted, and all who waited for it have been told. */
export const refusedTokenStaysAway: Invariant = ({ events }) => {
  const refused = new Set<string>()
  const tokens = new Map<number, string>()
  const ended = new Set<number>()
  const requests = new Map<number, { flight: number; at: Instant }>()
  let newest = 0
  let arriving = 0
  for (const [event, happening] of events.entries()) {
    switch (happening.what) {
      case 'token requested':
        requests.set(happening.request, happening)
        break
      case 'flight aborted':
        ended.add(happening.flight)
        break
      case 'token answered': {
        const { outcome, at } = happening
        const request = requests.get(happening.request)!
        const isWanted = 'token' in outcome && !ended.has(request.flight)
        if (isWanted && between(request.at, at) < (outcome.lifetime ?? Infinity)) arriving = ordinal(outcome.token)
        break
      }
      case 'invalidated':
      case 'close called':
        arriving = 0
        for (const { flight } of requests.values()) ended.add(flight)
        break
      case 'turn':
        newest = Math.max(newest, arriving)
        break
      case 'answered':
        if (happening.refused && tokens.has(happening.request)) refused.add(tokens.get(happening.request)!)
        break
      case 'dispatched':
        {
          const [token] = happening.tokens
          if (token === undefined) break
          tokens.set(happening.request, token)
          if (!happening.byFetch && refused.has(token) && ordinal(token) < newest) {
            return {
              promise: NEWER,
              why: `Request ${happening.request} leaves with ${token}; t${newest} is known.`,
              event,
            }
          }
        }
        break
      default:
    }
  }
  return undefined
}

function ordinal(token: string): number {
  return Number(token.slice(1))
}

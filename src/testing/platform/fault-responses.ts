import { cutInTheMiddle, endless, html, json } from './responses.js'
import type { Fault } from './faults.js'
import type { Arrival, Refusal, Refusals } from './refusal.js'

const SLOW = 5_000

/** The words for what faults are refused with. */
export type FaultRefusals = Pick<
  Refusals,
  | 'tokenBad'
  | 'addressRefused'
  | 'tooManyRequests'
  | 'internalError'
  | 'unavailable'
  | 'gatewayTimeout'
  | 'clientDenied'
  | 'tokenRateLimited'
>

/** What the faults of one platform look like. */
export interface FaultLooks {
  readonly refusals: FaultRefusals
  /** What a fault does before its request is answered as usual, by its kind. */
  readonly deeds: Readonly<Record<string, () => void>>
  /** Members of the platform's answers, of other types. */
  readonly misshapen: object
}

/** What a fault needs to know of the request that it happens to. */
export interface FaultContext extends FaultLooks {
  readonly arrival: Arrival
  readonly forToken: boolean
  /** The answer that there would have been. */
  readonly usual: () => Promise<Response>
}

/** Milliseconds before a fault happens. */
export function delayOf({ kind, delay = kind === 'slow' ? SLOW : 0 }: Readonly<Fault<string>>): number {
  return delay
}

/** What a fault answers. `Response.error()` stands for a destroyed connection. */
export async function faultResponse(
  { kind, retryAfter }: Readonly<Fault<string>>,
  { refusals, deeds, misshapen, arrival, forToken, usual }: FaultContext,
): Promise<Response> {
  const refuse = (refusal: Refusal) => refusal.response(arrival)
  switch (kind) {
    case 'unauthorized':
      return refuse(forToken ? refusals.clientDenied() : refusals.tokenBad())
    case 'ip-not-authorized':
      return refuse(refusals.addressRefused())
    case 'rate-limited':
      return refuse((forToken ? refusals.tokenRateLimited : refusals.tooManyRequests)(retryAfter))
    case 'internal-error':
      return refuse(refusals.internalError())
    case 'bad-gateway':
      return html(502, 'Bad Gateway')
    case 'unavailable':
      return refuse(refusals.unavailable(retryAfter))
    case 'gateway-timeout':
      return refuse(refusals.gatewayTimeout())
    case 'cut':
    case 'down':
      return Response.error()
    case 'cut-body':
      return cutInTheMiddle(await usual())
    case 'html':
      return html(200, 'Welcome')
    case 'huge':
      return endless()
    case 'not-json':
      return new Response('{"entities":[{"id":', { headers: { 'content-type': 'application/json' } })
    case 'schema':
      return json(200, misshapen)
    default:
      deeds[kind]?.()
      return usual()
  }
}

import { delay, type Clock } from '../../base/clock.js'
import { delayOf, faultResponse, type FaultLooks } from './fault-responses.js'
import type { FaultScript, Purpose } from './faults.js'
import { responseOrRefusal, type Arrival } from './refusal.js'
import { uuidAt } from './seeded.js'

/** No platform's own {@link uuidAt} is for this. */
const ARRIVAL = 0

/** What has reached a simulator so far, and what it answered. */
export interface TrafficCounts {
  /** Requests to the token endpoint, refused ones included. */
  readonly tokenRequests: number
  /** Tokens handed out. */
  readonly tokensMinted: number
  /** Requests to the API, refused ones included. */
  readonly requests: number
  /** Those of them answered 401. */
  readonly unauthorized: number
  /** Those of them answered 429. */
  readonly rateLimited: number
  /** Answers of 500 and above, the token endpoint's included. */
  readonly serverErrors: number
  /** Faults that happened. */
  readonly faults: number
}

/** What stands behind a {@link Gateway}. */
export interface GatewayParts<Kind extends string> {
  readonly seed: number
  readonly clock: Clock
  /** Milliseconds before each answer. */
  readonly latency: number
  readonly faults: FaultScript<Kind>
  readonly faultLooks: FaultLooks
  readonly purposeOf: (path: string) => Purpose
  /** Answers, or throws a refusal. */
  readonly response: (arrival: Arrival, purpose: Purpose) => Response | Promise<Response>
  /** The header in which the platform sends what it calls a request. */
  readonly idHeader?: string | undefined
}

/** What stands around every answer of a simulator: counts, faults, latency, and that a HEAD has no body. */
export class Gateway<Kind extends string> {
  readonly #parts: GatewayParts<Kind>
  readonly #arrivals: Record<Purpose, number> = { token: 0, api: 0, other: 0 }
  readonly #responses = { unauthorized: 0, rateLimited: 0, serverErrors: 0, faults: 0 }

  constructor(parts: GatewayParts<Kind>) {
    this.#parts = parts
  }

  get counts(): Omit<TrafficCounts, 'tokensMinted'> {
    return { tokenRequests: this.#arrivals.token, requests: this.#arrivals.api, ...this.#responses }
  }

  /** Requests for neither a token nor the API's data, refused ones included. */
  get otherRequests(): number {
    return this.#arrivals.other
  }

  /** `Response.error()` stands for a connection that was destroyed. Rejects with the reason of the request's own signal. */
  async fetch(request: Request): Promise<Response> {
    const { seed, clock, latency, faults, faultLooks, idHeader } = this.#parts
    const url = new URL(request.url)
    const purpose = this.#parts.purposeOf(url.pathname)
    const forToken = purpose === 'token'
    const number = ++this.#arrivals[purpose]
    const arrival = { request, url, id: uuidAt(seed, ARRIVAL, number, forToken ? 1 : 0), at: clock.now() }
    const usual = () => responseOrRefusal(arrival, () => this.#parts.response(arrival, purpose))

    const fault = faults.take(purpose, url.pathname)
    if (fault) this.#responses.faults += 1
    const held = latency + (fault ? delayOf(fault) : 0)
    if (held > 0) await delay(clock, held, { signal: request.signal })
    const response = await (fault ? faultResponse(fault, { ...faultLooks, arrival, forToken, usual }) : usual())
    if (response.type === 'error') return response
    this.#count(response.status, purpose)
    if (idHeader !== undefined) response.headers.set(idHeader, arrival.id)
    if (request.method !== 'HEAD' || response.body === null) return response
    void response.body.cancel()
    return new Response(null, response)
  }

  #count(status: number, purpose: Purpose): void {
    if (status >= 500) this.#responses.serverErrors += 1
    if (purpose !== 'api') return
    if (status === 401) this.#responses.unauthorized += 1
    if (status === 429) this.#responses.rateLimited += 1
  }
}

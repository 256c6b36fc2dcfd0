import type { FaultLooks } from '../platform/fault-responses.js'
import type { FaultScript } from '../platform/faults.js'
import { Gateway } from '../platform/gateway.js'
import type { Arrival } from '../platform/refusal.js'
import type { CxoneFaultKind, ResolvedOptions } from './options.js'
import { denied, RESULT_REFUSALS, ResultRefusal } from './result-refusals.js'
import type { SignedLinks } from './signed-links.js'
import { csvBody } from './table.js'

/** What has reached the result host so far, and what it answered. */
export interface ResultCounts {
  /** Requests, refused ones included. */
  readonly requests: number
  /** Those of them that came with an Authorization header, which none should. */
  readonly withAuthorization: number
  /** Those answered with a file, or the beginning of one. */
  readonly downloads: number
  /** Those answered 403: the address had expired, or was none. */
  readonly denied: number
  /** Faults that happened to them. */
  readonly faults: number
}

/**
 * Where results lie: a host of its own, which knows no bearer tokens. What is on its way when its address expires goes on. A
 * request with an `Authorization` beside the signature is refused, as S3 refuses two ways to authenticate.
 */
export class ResultHost {
  readonly #links: SignedLinks
  readonly #gateway: Gateway<CxoneFaultKind>
  readonly #counts = { withAuthorization: 0, downloads: 0, denied: 0 }

  constructor(
    { seed, clock, latency }: ResolvedOptions,
    links: SignedLinks,
    faults: FaultScript<CxoneFaultKind>,
    faultLooks: Pick<FaultLooks, 'deeds' | 'misshapen'>,
  ) {
    this.#links = links
    this.#gateway = new Gateway({
      seed,
      clock,
      latency,
      faults,
      faultLooks: { ...faultLooks, refusals: RESULT_REFUSALS },
      purposeOf: () => 'other',
      response: (arrival) => this.#response(arrival),
    })
  }

  get counts(): ResultCounts {
    const { counts, otherRequests: requests } = this.#gateway
    return { requests, ...this.#counts, faults: counts.faults }
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.has('authorization')) this.#counts.withAuthorization += 1
    const response = await this.#gateway.fetch(request)
    if (response.status === 200) this.#counts.downloads += 1
    if (response.status === 403) this.#counts.denied += 1
    return response
  }

  #response({ request, url }: Arrival): Response {
    if (request.headers.has('authorization')) {
      throw new ResultRefusal(400, 'InvalidArgument', 'Only one auth mechanism allowed.')
    }
    if (!url.searchParams.has('X-Amz-Signature')) throw denied('Access Denied')
    const link = this.#links.find(url)
    // The method is signed as well.
    if (!link || request.method !== 'GET') {
      throw new ResultRefusal(403, 'SignatureDoesNotMatch', 'The signature does not match the request.')
    }
    if (!link.isGood) throw denied('Request has expired')
    const { table, isKept } = link.file
    if (!isKept()) throw new ResultRefusal(404, 'NoSuchKey', 'The specified key does not exist.')
    return new Response(csvBody(table), { headers: { 'content-type': 'text/csv' } })
  }
}

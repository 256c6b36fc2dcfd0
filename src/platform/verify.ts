import { EverbearerError } from '../base/errors.js'
import type { ErrorCode } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import type { JsonClient, JsonRequest, RequestLimits } from '../client/json-client.js'
import { CHECK_PATIENCE } from './session.js'

/** How something that was tried went. */
export interface Outcome {
  readonly ok: boolean
  /** What went wrong, and what to check first. */
  readonly hint?: string | undefined
  /** The code of the error that it ended with, see docs/errors.md. */
  readonly code?: ErrorCode | undefined
}

/** What a platform says of something that can be tried: its name, such as `token`, and what else there is to tell. */
export interface Subject {
  readonly check: string
}

/** Something to try: whatever it resolves with is fine. */
export interface Probe<Of extends Subject> {
  readonly subject: Of
  attempt(limits: RequestLimits): Promise<unknown>
}

/** Throws {@link EverbearerError} `invalid_option` for what is no list, or holds what there is no probe for. */
export function checkProbed(option: string, list: unknown, known: readonly unknown[]): void {
  if (!Array.isArray(list)) throw invalidOption(option, 'must be a list')
  // Not `list.every`, which passes holes over.
  if (Array.from<unknown>(list).every((one) => known.includes(one))) return
  throw invalidOption(option, `may hold ${known.join(', ')}: for others there is no probe`)
}

/** A request that only shows whether it is answered. */
export interface SmallRequest extends JsonRequest<unknown> {
  readonly method: 'GET' | 'POST'
  readonly path: string
}

/** An attempt at such a request. */
export function asking(client: JsonClient, { method, path, ...request }: SmallRequest): Probe<Subject>['attempt'] {
  return (limits) => client.request(method, path, { ...request, ...limits })
}

/** What a platform can be asked, and how its users know what may be wrong. */
export interface Verification<Of extends Subject> {
  readonly platform: string
  /** What says where tokens are had, and where the API is, such as "the region or `apiUrl`". */
  readonly tokenPlace: string
  readonly apiPlace: string
  /** Each needs the one before it, and all else needs all of them. */
  readonly foundations: readonly Probe<Of>[]
  readonly areas: readonly Probe<Of>[]
  /** Whether an error shows that something else than the platform's API answers. */
  isForeign(error: EverbearerError, subject: Of): boolean
}

/** Tries one foundation after the other, then all areas at once. What fails is told, and not thrown. */
export async function verify<Of extends Subject>(
  verification: Verification<Of>,
  signal: AbortSignal | undefined,
): Promise<(Of & Outcome)[]> {
  /** Throws only when it is the caller who made an end. */
  const tried = async ({ subject, attempt }: Probe<Of>): Promise<Of & Outcome> => {
    try {
      await attempt({ patience: CHECK_PATIENCE, signal })
      return { ...subject, ok: true }
    } catch (error) {
      if (!(error instanceof EverbearerError) || error.code === 'closed' || signal?.aborted) throw error
      // That a server is left alone for a while says less than why.
      const cause = error.cause instanceof EverbearerError ? error.cause : error
      const hint = [cause.message, adviceFor(cause, subject, verification)].join(' ').trim()
      return { ...subject, ok: false, code: cause.code, hint }
    }
  }

  const { foundations, areas } = verification
  const outcomes: (Of & Outcome)[] = []
  for (const [index, foundation] of foundations.entries()) {
    const outcome = await tried(foundation)
    outcomes.push(outcome)
    if (!outcome.ok) return [...outcomes, ...[...foundations.slice(index + 1), ...areas].map(notTried)]
  }
  return [...outcomes, ...(await Promise.all(areas.map(tried)))]
}

function notTried<Of extends Subject>({ subject }: Probe<Of>): Of & Outcome {
  return { ...subject, ok: false, hint: 'Not tried: it needs what failed above.' }
}

/** What the error's own message leaves open. */
function adviceFor<Of extends Subject>(error: EverbearerError, subject: Of, of: Verification<Of>): string {
  if (/^token_(endpoint|response)_/.test(error.code)) return `The token endpoint is ${of.tokenPlace}.`
  if (error.code === 'api_unreachable') return `Check first ${of.apiPlace}, then DNS, firewall and proxy.`
  if (error.code === 'api_server_error') return `Try again later; if it stays, ask the support of ${of.platform}.`
  return of.isForeign(error, subject)
    ? `Check first ${of.apiPlace}, then for a proxy: what answers there is not the API of ${of.platform}.`
    : ''
}

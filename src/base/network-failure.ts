/** What can safely be said of a request that failed below HTTP. */
export interface NetworkFailure {
  /** A code such as `ECONNREFUSED`, with the system's own words where they are known to hold no secret. */
  readonly text: string
  /** Whether it may go away by itself. */
  readonly transient: boolean
  /** False when the request certainly never left. */
  readonly sent: boolean
}

/** What fails before there is a connection. Not by codes alone: a route can also be lost under a request that was sent. */
const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo'])
const NEVER_SENT: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CLOSED',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** A certificate that does not verify, an option that undici refuses: nothing was sent. */
const REFUSED = /^(CERT_|DEPTH_ZERO_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_|UND_ERR_(INVALID|NOT_SUPPORTED))/
/**
 * The user's dispatcher will carry nothing more (a destroyed one takes the requests along that it had sent), or makes an
 * error of every refusal, which is then as final as the refusal may be (undici's responseError interceptor).
 */
const ENDED: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_RESPONSE'])

/**
 * Describes a transport error without passing it on: undici's and a proxy's may hold a header or bytes of an answer.
 */
export function describeFailure(error: unknown): NetworkFailure {
  const cause = innermost(error)
  // A DOMException's code is a number that says nothing.
  const reason = typeof cause?.code === 'string' ? cause.code : (cause?.name ?? typeof error)
  const refused = REFUSED.test(reason)
  return {
    text: cause?.syscall === undefined ? reason : cause.message,
    transient: !refused && !ENDED.has(reason),
    sent: !refused && !CONNECTING.has(cause?.syscall) && !NEVER_SENT.has(reason),
  }
}

/** fetch wraps the system's error in a TypeError; Happy Eyeballs wraps one for each address in an AggregateError. */
function innermost(error: unknown, outer: readonly unknown[] = []): NodeJS.ErrnoException | undefined {
  // A cause may lead back to where it came from.
  if (!isError(error) || outer.includes(error)) return undefined
  const addresses = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : []
  const way = [...outer, error]
  return innermost(addresses[0], way) ?? innermost(error.cause, way) ?? error
}

/** Not by instanceof: under Jest, or in a vm, the system's errors are of another realm. */
function isError(value: unknown): value is NodeJS.ErrnoException {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value
}

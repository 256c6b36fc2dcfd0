/** What can safely be said of a request that failed below HTTP. */
export interface NetworkFailure {
  /** A code such as `ECONNREFUSED`, with the system's own words where they are known to hold no secret. */
  readonly text: string
  /** Whether it may go away by itself. */
  readonly transient: boolean
  /** False when the request certainly never left. */
  readonly sent: boolean
}

const NEVER_SENT: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** A certificate that does not verify, an option that undici refuses, a dispatcher that was closed. */
const PERMANENT =
  /^(CERT_|DEPTH_ZERO_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_|UND_ERR_(INVALID|NOT_SUPPORTED|DESTROYED|CLOSED))/

/**
 * Describes a transport error without passing it on: undici's and a proxy's may hold a header or bytes of an answer.
 */
export function describeFailure(error: unknown): NetworkFailure {
  const { code, name, syscall, message } = innermost(error)
  const reason = code ?? name ?? typeof error
  const permanent = PERMANENT.test(reason)
  return {
    text: syscall !== undefined && message !== undefined ? message : reason,
    transient: !permanent,
    sent: !permanent && !NEVER_SENT.has(reason),
  }
}

interface Described {
  code?: string
  name?: string
  syscall?: string
  message?: string
}

/** fetch wraps the system's error in a TypeError; Happy Eyeballs wraps one for each address in an AggregateError. */
function innermost(error: unknown): Described {
  if (!(error instanceof Error)) return {}
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error.cause instanceof Error ? innermost(error.cause) : (error as Described)
}

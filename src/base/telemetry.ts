import { channel } from 'node:diagnostics_channel'

/** What is published on node:diagnostics_channel, by channel name. No event holds a token, a secret, a body or a query. */
export interface TelemetryEvents {
  /** The authorization server is asked. One event for each HTTP request, retries included. */
  'everbearer:token-request': { tokenEndpoint: string; clientId: string; attempt: number }
  /** A new token is in use. `lifetime` is in milliseconds, undefined when the server named none. */
  'everbearer:token-minted': {
    lifetime: number | undefined
    duration: number
    reason: 'first' | 'schedule' | 'rejection'
  }
  /** A token that another manager had stored is in use. `age` and `lifetime` are in milliseconds. */
  'everbearer:token-adopted': { lifetime: number | undefined; age: number; reason: 'first' | 'schedule' | 'rejection' }
  /** The token store could not be used. A grant that spends nothing by asking goes on without it, so nobody else is told why. */
  'everbearer:store-failed': { code: string; retryable: boolean; message: string }
  /** A whole flight failed, and the authorization server is left alone for `coolDown` milliseconds. */
  'everbearer:token-failed': { code: string; retryable: boolean; coolDown: number }
  /** An API answered 401 to a token that was still the current one. `age` is in milliseconds. */
  'everbearer:token-rejected': { age: number }
  /**
   * A 401 passed to the caller because a new token would not help: its challenges name other schemes only, or ask for more
   * than the grant brings, such as a sign-in with a second factor.
   */
  'everbearer:challenge-passed': { origin: string; schemes: readonly string[] }
  /** A request that got a 401 is sent again with a new token. */
  'everbearer:request-replayed': { origin: string; method: string }
  /** A request went out without a token because its origin is not listed. `unlisted: 'throw'` sends and publishes nothing. */
  'everbearer:origin-unlisted': { origin: string }
  /** An endpoint client sends a request again after `delay` milliseconds. */
  'everbearer:request-retried': {
    method: string
    path: string
    attempt: number
    delay: number
    code: string
    status: number | undefined
  }
  /** An endpoint client was answered 429 and holds all its requests back for `delay` milliseconds. */
  'everbearer:rate-limited': { delay: number }
  /** The data that an export's jobs read from do not reach as far as they were asked. ISO 8601. */
  'everbearer:data-not-available': { availableUntil: string; askedUntil: string }
  /** The results of an export's job are gone, and another job is asked for what is missing. */
  'everbearer:job-resubmitted': { jobId: string }
  /** Nobody waits any more for an export's unfinished job, and it could not be cancelled. */
  'everbearer:job-not-cancelled': { jobId: string; code: string | undefined }
  /** An answer held an enum value that this version does not know. */
  'everbearer:unknown-value': { path: string }
}

interface Telemetry<Message> {
  /** Whether anybody listens: look before building a costly message. */
  readonly hasSubscribers: boolean
  publish(message: Message): void
}

/** The channel for one kind of event: it costs one property read while nobody listens. */
export function telemetry<Name extends keyof TelemetryEvents>(name: Name): Telemetry<TelemetryEvents[Name]> {
  return channel(name)
}

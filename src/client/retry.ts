import pRetry from 'p-retry'

import { delay } from '../base/clock.js'
import type { Clock } from '../base/clock.js'

/** The cap of the first wait doubles with each further one. Milliseconds. */
const FIRST_WAIT = 500
const MAX_WAIT = 10_000

/** What to do after a failed attempt. */
export interface RetryAdvice {
  /** Milliseconds that the server asked for. */
  readonly atLeast: number
  /** Whether that wait uses up patience. */
  readonly spendsPatience: boolean
}

/** How long a request may be tried for. */
export interface RetryOptions {
  /** Milliseconds of waits and failed attempts, altogether. */
  readonly patience: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** Undefined: give up. */
  advise(error: unknown): RetryAdvice | undefined | Promise<RetryAdvice | undefined>
  onRetry(error: unknown, attempt: number, wait: number): void
}

/**
 * Tries until it succeeds, the advice is to give up, or the patience is spent; then rejects with the last error. Waits
 * are drawn from [0, cap) with the cap doubling from 0.5 s to 10 s (full jitter), and never shorter than the server asks.
 */
export async function retry<Result>(
  attempt: (spend: (milliseconds: number) => void) => Promise<Result>,
  { patience, clock, signal, advise, onRetry }: RetryOptions,
): Promise<Result> {
  let left = patience
  const spend = (milliseconds: number) => (left -= milliseconds)

  try {
    return await pRetry(() => attempt(spend), {
      retries: Infinity,
      // p-retry's own backoff knows no Retry-After and would come on top of ours.
      minTimeout: 0,
      maxTimeout: 0,
      ...(signal && { signal }),
      async shouldRetry({ error, attemptNumber }) {
        const advice = await advise(error)
        if (advice === undefined) return false
        const jitter = clock.random() * Math.min(MAX_WAIT, FIRST_WAIT * 2 ** (attemptNumber - 1))
        const { atLeast, spendsPatience } = advice
        // After a wait that all clients were told alike, the jitter keeps them from coming back together.
        const wait = spendsPatience ? Math.max(atLeast, jitter) : atLeast + jitter
        spend(spendsPatience ? wait : jitter)
        if (left <= 0) return false
        onRetry(error, attemptNumber, wait)
        await delay(clock, wait, { signal })
        return true
      },
    })
  } catch (error) {
    // p-retry throws a TypeError of its own for a reason that is no Error.
    throw signal?.aborted ? signal.reason : error
  }
}

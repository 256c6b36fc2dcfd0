import { onAbort } from './abort-listeners.js'

/** A timer that does not keep the process alive until {@link Timer.ref} says so. */
export interface Timer {
  ref(): void
  unref(): void
  clear(): void
}

/**
 * Time and chance, as the whole package sees them. Nothing else calls `Date.now`, `performance.now`, `setTimeout` or
 * `Math.random`, so that a test (or a simulation) that passes a clock of its own decides both.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. It may jump both ways. */
  now(): number
  /**
   * Milliseconds from some fixed point, which all processes of a machine have in common. It never goes back, but on Linux
   * it stands still while the machine sleeps.
   */
  monotonic(): number
  /** Calls back once, after about `delay` milliseconds. Longer delays than a timer can hold fire early: look again. */
  setTimeout(callback: () => void, delay: number): Timer
  /** A number in [0, 1). */
  random(): number
}

/** Node fires a longer timer after 1 ms, with a TimeoutOverflowWarning (seen as 400 token requests a second). */
const MAX_DELAY = 2 ** 31 - 1

/** From the machine's start to that of the process: what `performance.now` counts from is each process's own. */
const STARTED_AT = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => STARTED_AT + performance.now(),
  setTimeout(callback, delay) {
    const timeout = setTimeout(callback, Math.min(delay, MAX_DELAY)).unref()
    return {
      ref: () => void timeout.ref(),
      unref: () => void timeout.unref(),
      clear: () => clearTimeout(timeout),
    }
  },
  random: () => Math.random(),
}

/** A moment on both clocks. */
export interface Instant {
  readonly wall: number
  readonly monotonic: number
}

export function instant(clock: Clock): Instant {
  return { wall: clock.now(), monotonic: clock.monotonic() }
}

/**
 * Milliseconds since then, by whichever clock says more: the monotonic one is not fooled by a wall clock set back,
 * the wall clock still counts while the machine sleeps (nodejs/node#47724).
 */
export function elapsedSince(then: Instant, clock: Clock): number {
  return Math.max(clock.monotonic() - then.monotonic, clock.now() - then.wall)
}

/**
 * Waits. Keeps the process alive meanwhile, because somebody awaits it, unless told otherwise. Rejects with the signal's
 * reason.
 */
export function delay(
  clock: Clock,
  milliseconds: number,
  { signal, keepAlive = true }: { signal?: AbortSignal | undefined; keepAlive?: boolean } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const timer = clock.setTimeout(() => {
      unlisten?.()
      resolve()
    }, milliseconds)
    if (keepAlive) timer.ref()
    const unlisten =
      signal &&
      onAbort(signal, () => {
        timer.clear()
        reject(signal.reason as Error)
      })
  })
}

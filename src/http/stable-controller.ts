import type { Dispatcher } from 'undici'

type Controller = Dispatcher.DispatchController

/**
 * The controller that a caller holds for the whole life of its request, while attempts come and go behind it. What it
 * is told while there is no attempt (the token is still awaited) counts for the next one.
 */
export class StableController implements Controller {
  readonly #abort = new AbortController()
  #attempt: Controller | undefined
  #paused = false

  /** Points it at the attempt that is now under way. */
  attach(attempt: Controller): void {
    this.#attempt = attempt
    if (this.aborted) attempt.abort(this.reason as Error)
    else if (this.#paused) attempt.pause()
  }

  /** Aborts with the caller's reason, whether an attempt is under way or not. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  abort(reason: Error): void {
    this.#abort.abort(reason)
    this.#attempt?.abort(reason)
  }

  pause(): void {
    this.#paused = true
    this.#attempt?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#attempt?.resume()
  }

  /** Not the attempt's: one that a replay takes the place of is aborted by us. */
  get aborted(): boolean {
    return this.signal.aborted
  }

  get reason(): Error | null {
    return (this.signal.reason as Error | undefined) ?? null
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Node 26's fetch builds its Headers from these. */
  get rawHeaders(): NonNullable<Controller['rawHeaders']> | null {
    return this.#attempt?.rawHeaders ?? null
  }

  set rawHeaders(value: NonNullable<Controller['rawHeaders']> | null) {
    if (this.#attempt) this.#attempt.rawHeaders = value
  }

  get rawTrailers(): NonNullable<Controller['rawTrailers']> | null {
    return this.#attempt?.rawTrailers ?? null
  }

  set rawTrailers(value: NonNullable<Controller['rawTrailers']> | null) {
    if (this.#attempt) this.#attempt.rawTrailers = value
  }
}

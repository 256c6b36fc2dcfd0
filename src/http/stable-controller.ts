import type { Dispatcher } from 'undici'

type Controller = Dispatcher.DispatchController

/**
 * The controller that a caller holds for the whole life of its request, while attempts come and go behind it. What it
 * is told while there is no attempt (the token is still awaited) counts for the next one.
 */
export class StableController implements Controller {
  /** Made when somebody listens: one for each request would cost more than all else that is done for it. */
  #abort: AbortController | undefined
  #reason: Error | null = null
  #attempt: Controller | undefined
  #paused = false

  /** Points it at the attempt that is now under way. */
  attach(attempt: Controller): void {
    this.#attempt = attempt
    if (this.#reason !== null) attempt.abort(this.#reason)
    else if (this.#paused) attempt.pause()
  }

  /** Aborts with the caller's reason, whether an attempt is under way or not. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#reason !== null) this.#abort.abort(this.#reason)
    }
    return this.#abort.signal
  }

  abort(reason: Error): void {
    if (this.#reason === null) {
      // As an AbortController has it.
      this.#reason = reason ?? new DOMException('This operation was aborted', 'AbortError')
      this.#abort?.abort(this.#reason)
    }
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
    return this.#reason !== null
  }

  get reason(): Error | null {
    return this.#reason
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

import { onAbort } from './abort-listeners.js'

/** How a wait ends. Emptied when it has: the work may take much longer, and holds this. */
class Wait<Result> {
  #settle: { resolve: (result: Result) => void; reject: (error: Error) => void } | undefined
  #unlisten: (() => void) | undefined

  /** Apart, so that what the work calls back can reach nothing but the {@link Wait}. */
  begin(signal: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#unlisten = onAbort(signal, () => this.reject(signal.reason as Error))
    })
  }

  resolve(result: Result): void {
    this.#end()?.resolve(result)
  }

  reject(error: Error): void {
    this.#end()?.reject(error)
  }

  #end() {
    this.#unlisten?.()
    const settle = this.#settle
    this.#settle = this.#unlisten = undefined
    return settle
  }
}

/**
 * Returns the result of the work, but rejects with the signal's reason as soon as that aborts. No listener stays behind, and
 * the work keeps nothing of those who gave up.
 */
export function abortable<Result>(work: PromiseLike<Result> | Result, signal: AbortSignal): Promise<Result> {
  const settled = Promise.resolve(work)
  if (signal.aborted) {
    settled.catch(() => undefined)
    return Promise.reject(signal.reason as Error)
  }
  const wait = new Wait<Result>()
  const outcome = wait.begin(signal)
  settled.then(
    (result) => wait.resolve(result),
    (error: unknown) => wait.reject(error as Error),
  )
  return outcome
}

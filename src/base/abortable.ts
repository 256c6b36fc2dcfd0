import { onAbort } from './abort-listeners.js'

/** Those who wait for some work. Emptied when the wait ends: the work may take much longer, and holds this. */
interface Wait<Result> {
  waiter?: { resolve(result: Result): void; reject(error: Error): void; unlisten(): void } | undefined
}

/**
 * Returns the result of the work, but rejects with the signal's reason as soon as that aborts. No listener stays behind, and
 * the work keeps nothing of those who gave up.
 */
export function abortable<Result>(work: PromiseLike<Result> | Result, signal: AbortSignal): Promise<Result> {
  const wait: Wait<Result> = {}
  // Bound functions reach nothing but the wait. A closure made here would hold the caller too.
  Promise.resolve(work).then(onResult.bind(undefined, wait as Wait<unknown>), onError.bind(undefined, wait))
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const unlisten = onAbort(signal, () => {
      wait.waiter = undefined
      reject(signal.reason as Error)
    })
    wait.waiter = { resolve, reject, unlisten }
  })
}

function onResult(wait: Wait<unknown>, result: unknown): void {
  const { waiter } = wait
  wait.waiter = undefined
  waiter?.unlisten()
  waiter?.resolve(result)
}

function onError(wait: Wait<never>, error: unknown): void {
  const { waiter } = wait
  wait.waiter = undefined
  waiter?.unlisten()
  waiter?.reject(error as Error)
}

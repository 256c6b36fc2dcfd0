import { onAbort } from './abort-listeners.js'

/** How a wait ends. Emptied when it has: the work may go on, and hold this, for much longer. */
interface Wait<Result> {
  resolve?: (result: Result) => void
  reject?: (error: Error) => void
}

/**
 * The result of the work, but rejected with the signal's reason as soon as that aborts. No listener stays behind, and
 * the work keeps nothing alive of those who gave up.
 */
export function abortable<Result>(work: PromiseLike<Result> | Result, signal: AbortSignal): Promise<Result> {
  const wait: Wait<Result> = {}
  const outcome = outcomeOf(wait, signal)
  void Promise.resolve(work).then(
    (result) => wait.resolve?.(result),
    (error: unknown) => wait.reject?.(error as Error),
  )
  return outcome
}

/** Apart, so that what the work calls back can reach nothing but the {@link Wait}. */
function outcomeOf<Result>(wait: Wait<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const end = () => {
      unlisten()
      delete wait.resolve
      delete wait.reject
    }
    const unlisten = onAbort(signal, () => {
      end()
      reject(signal.reason as Error)
    })
    wait.resolve = (result) => (end(), resolve(result))
    wait.reject = (error) => (end(), reject(error))
  })
}

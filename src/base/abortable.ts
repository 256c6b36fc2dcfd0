import { onAbort } from './abort-listeners.js'

/** The result of the work, but rejected with the signal's reason as soon as that aborts; no listener stays behind. */
export function abortable<Result>(work: PromiseLike<Result> | Result, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    const unlisten = onAbort(signal, abort)
    void Promise.resolve(work).then(resolve, reject).finally(unlisten)
  })
}

import { onAbort } from './abort-listeners.js'

/** A signal of one piece of work, and what cuts it off from those that it follows. */
export interface LinkedSignal {
  readonly signal: AbortSignal
  /** Ends this piece of work alone. */
  abort(): void
  unlink(): void
}

/**
 * A signal that aborts with the first of the given ones, until it is unlinked. Unlike one of `AbortSignal.any` it then
 * leaves nothing behind on them: Node 20 keeps a piece of each on a signal that lives long.
 */
export function linkedSignal(given: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController()
  const links = given.map((signal) => {
    if (signal?.aborted) controller.abort(signal.reason)
    return signal && onAbort(signal, () => controller.abort(signal.reason))
  })
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    unlink: () => links.forEach((unlink) => unlink?.()),
  }
}

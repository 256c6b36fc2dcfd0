import { Tee } from './tee.js'
import type { OneShot } from './tee.js'

/** A request body as a dispatcher takes it, to be sent once, or twice when it can be. */
export interface RequestBody {
  /** Whether {@link RequestBody.next} can give it from the start once more. */
  readonly replayable: boolean
  /** The body to dispatch. */
  next(): unknown
  /** No further sending will be asked for; the one under way goes on. */
  finish(): void
  /** Closes what is left of a stream, because the request failed. */
  dispose(reason?: Error): void
}

/**
 * Strings, buffers, blobs, forms and arrays of buffers are dispatched as they are, as often as needed. Everything that
 * is spent by being read goes through a {@link Tee} of at most `maxReplayBytes`: an interceptor that dispatches a spent
 * stream again sends an empty body, and the server answers 200 to it (seen in two libraries).
 */
export function requestBody(body: unknown, maxReplayBytes: number): RequestBody {
  if (body === undefined) return NO_BODY
  if (typeof body !== 'object' || body === null) return new WholeBody(body)
  if (isOldStream(body))
    return { replayable: false, next: () => body, finish: nothing, dispose: () => body.destroy?.() }
  if (!isOneShot(body)) return new WholeBody(body)
  const tee = new Tee(body, maxReplayBytes)
  return {
    get replayable() {
      return tee.replayable
    },
    next: () => tee.play(),
    finish: () => tee.finish(),
    dispose: (reason) => tee.dispose(reason),
  }
}

/** One that is not spent by being read, which nearly all are: a class, because four closures cost more. */
class WholeBody implements RequestBody {
  readonly replayable = true
  readonly #body: unknown

  constructor(body: unknown) {
    this.#body = body
  }

  next(): unknown {
    return this.#body
  }

  finish = nothing

  dispose = nothing
}

/** One for all: most requests have none. */
const NO_BODY = new WholeBody(undefined)

function nothing(): void {
  // There is nothing to close.
}

/** A stream that cannot be iterated, such as the form of the package form-data: undici listens to its events. */
export function isOldStream(body: unknown): body is { destroy?(): void } {
  return typeof body === 'object' && body !== null && 'pipe' in body && !(Symbol.asyncIterator in body)
}

function isOneShot(body: object): body is OneShot {
  if (Symbol.asyncIterator in body) return true
  // An array, a typed array or a form makes a new iterator each time; a generator has one.
  return Symbol.iterator in body && iteratorOf(body) === iteratorOf(body)
}

function iteratorOf(body: object): unknown {
  return (body as Iterable<unknown>)[Symbol.iterator]()
}

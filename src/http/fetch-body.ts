import { Readable } from 'node:stream'

import { isOldStream } from './request-body.js'
import { Tee } from './tee.js'
import type { OneShot } from './tee.js'

export type Input = Parameters<typeof globalThis.fetch>[0]

/** What to call fetch with, once, or twice when the body allows it. */
export interface FetchBody {
  /** Whether {@link FetchBody.next} can give the body from the start once more. */
  readonly replayable: boolean
  next(): { input: Input; init: RequestInit | undefined }
  /** No further playing will be asked for. */
  finish(): void
}

/**
 * At the level of fetch, unlike at a dispatcher's, a body that is not a stream can be told from one and is handed over
 * again as it is. The body of a Request is always a stream, even if it was made of a string.
 */
export function fetchBody(input: Input, init: RequestInit | undefined, maxReplayBytes: number): FetchBody {
  const body = init?.body
  if (body !== undefined && body !== null) {
    // What was read from already is left to fetch, which refuses it; through a tee it would be sent empty.
    if (isOldStream(body) || isRead(body)) return { ...plainBody(input, init), replayable: false }
    return isStream(body) ? streamBody(input, init, body, maxReplayBytes) : plainBody(input, init)
  }
  return isRequest(input) && input.body ? bodyOfRequest(input, init, maxReplayBytes) : plainBody(input, init)
}

/** Not `instanceof`: undici's own fetch has a Request class of its own. */
export function isRequest(input: Input): input is Request {
  return typeof input === 'object' && 'url' in input
}

function isStream(body: object | string): body is OneShot {
  return typeof body === 'object' && Symbol.asyncIterator in body
}

function isRead(body: unknown): boolean {
  return Readable.isDisturbed(body as Readable)
}

function plainBody(input: Input, init: RequestInit | undefined): FetchBody {
  return { replayable: true, next: () => ({ input, init }), finish: () => undefined }
}

function streamBody(input: Input, init: RequestInit | undefined, body: OneShot, maxReplayBytes: number): FetchBody {
  const tee = new Tee(body, maxReplayBytes)
  return {
    get replayable() {
      return tee.replayable
    },
    next: () => ({ input, init: { ...init, ...streamed(tee) } }),
    finish: () => tee.finish(),
  }
}

/**
 * The Request itself goes first, because only it knows its body's length: a stream of ours would be sent in chunks,
 * which some servers refuse. What may be needed for a second time is read from its clone meanwhile.
 */
function bodyOfRequest(request: Request, init: RequestInit | undefined, maxReplayBytes: number): FetchBody {
  // The DOM's type of a stream says nothing of its being iterable; Node's are.
  const tee = new Tee(request.clone().body as unknown as OneShot, maxReplayBytes)
  void tee.record()
  let sent = false
  return {
    get replayable() {
      return tee.replayable
    },
    next: () => {
      if (sent) return { input: new (classOf(request))(request, streamed(tee)), init }
      sent = true
      return { input: request, init }
    },
    finish: () => tee.finish(),
  }
}

function classOf(request: Request): typeof Request {
  return (Object.getPrototypeOf(request) as { constructor: typeof Request }).constructor
}

function streamed(tee: Tee): RequestInit {
  const body = tee.bytes ?? ReadableStream.from(tee.play())
  return { body, duplex: 'half' } as RequestInit
}

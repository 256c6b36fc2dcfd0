import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Anything that answers a request: a simulator's `fetch`, or a function of a test's own. */
export type FetchHandler = (request: Request) => Promise<Response> | Response

/** Bytes of a body that nobody reads which are let through, so that its sender hears the answer. */
const MAX_UNREAD = 8 * 1024 * 1024

/** A server that listens. */
export interface Served {
  /** Such as `http://127.0.0.1:49152`. */
  readonly origin: string
  /** Stops listening and destroys what is still connected, idle or not. */
  close(): Promise<void>
}

/**
 * Serves a fetch handler over real HTTP on 127.0.0.1. Port 0 takes any free one. `Response.error()` destroys the socket
 * before an answer; a body that errors destroys it in mid-answer; a client that goes away aborts the request's signal.
 * A request whose body does not end is cut off after its answer.
 */
export async function serve(handler: FetchHandler, { port = 0 }: { port?: number } = {}): Promise<Served> {
  let origin = ''
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    void exchange(handler, origin, incoming, outgoing).catch((error: unknown) => fail(outgoing, error))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function exchange(handler: FetchHandler, origin: string, incoming: IncomingMessage, outgoing: ServerResponse) {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const response = await handler(toRequest(incoming, origin, gone.signal))
  if (outgoing.destroyed) return void response.body?.cancel()
  if (response.type === 'error') return void incoming.socket.destroy()
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (response.body && incoming.method !== 'HEAD') await pump(response.body, outgoing)
  outgoing.end()
  if (!incoming.readableEnded) discard(incoming)
}

function toRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal): Request {
  const headers = new Headers()
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
  }
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', origin)
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  return new Request(url, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' })
}

/** Not `Readable.toWeb`: cancelling that destroys the socket, and an early 413 could not be answered any more. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let done = false
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Buffer) => {
        controller.enqueue(new Uint8Array(chunk))
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
      })
      incoming.once('end', () => {
        if (!done) controller.close()
        done = true
      })
      incoming.once('error', (error) => {
        if (!done) controller.error(error)
        done = true
      })
      incoming.pause()
    },
    pull() {
      incoming.resume()
    },
    cancel() {
      done = true
      discard(incoming)
    },
  })
}

function discard(incoming: IncomingMessage): void {
  let left = MAX_UNREAD
  incoming.removeAllListeners('data').on('data', (chunk: Buffer) => {
    left -= chunk.byteLength
    if (left < 0) incoming.socket.destroy()
  })
  incoming.resume()
}

async function pump(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (outgoing.destroyed) return
      await written(outgoing, read.value)
    }
  } finally {
    // Releases what a body that never ends holds when its reader has gone away.
    await reader.cancel().catch(() => {})
  }
}

/** Waits until the chunk has left, so that a slow reader slows the body down, and a cut comes after what precedes it. */
function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('close', done)
      resolve()
    }
    outgoing.once('close', done)
    outgoing.write(chunk, done)
  })
}

/** A handler's own failure is shown to whoever wrote the test, unless the answer has begun: then it breaks off. */
function fail(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy()
  const message = error instanceof Error ? error.message : 'unknown error'
  outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`The simulator itself failed: ${message}\n`)
}

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One request, as it came over the wire. */
export interface Hit {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The value of every `Authorization` header line: `headers` would keep the first one only. */
  readonly authorization: readonly string[]
  /** Set once the body was read. */
  body?: Buffer
}

export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse, hit: Hit) => void | Promise<void>

/** A server on 127.0.0.1 that keeps account of what reached it. */
export interface Loopback {
  readonly origin: string
  readonly port: number
  readonly server: Server
  readonly hits: Hit[]
  /** All the tokens that reached it, in order; '' for a request without one. */
  tokens(): string[]
  /** Replaces what it answers with. */
  listener: Listener
}

const running = new Set<Server>()
/** All of them: a server forgets those that were upgraded. */
const sockets = new Set<Socket>()

export async function loopback(listener: Listener = (_incoming, outgoing) => void outgoing.end('ok')) {
  const server = createServer({ keepAliveTimeout: 60_000 })
  const hits: Hit[] = []
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  })
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const hit = hitOf(incoming)
    hits.push(hit)
    incoming.on('error', () => undefined)
    void (async () => self.listener(incoming, outgoing, hit))().catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(599)
      outgoing.end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.add(server)
  const { port } = server.address() as AddressInfo
  const self: Loopback = {
    origin: `http://127.0.0.1:${port}`,
    port,
    server,
    hits,
    tokens: () => hits.map(({ authorization }) => authorization.join(' & ').replaceAll('Bearer ', '')),
    listener,
  }
  return self
}

export function hitOf(incoming: IncomingMessage): Hit {
  const { method = '', url = '', headers, rawHeaders } = incoming
  const authorization = rawHeaders.filter((_, i) => i % 2 === 1 && /^authorization$/i.test(rawHeaders[i - 1] ?? ''))
  return { method, path: url, headers, authorization }
}

/** For `afterEach`: ends all servers, and whoever is still connected. */
export function closeServers(): void {
  for (const server of running) server.close()
  for (const socket of sockets) socket.destroy()
  running.clear()
}

/** The whole body. A test that compares hashes cannot be fooled by an empty or partial one. */
export async function read(incoming: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function sha256(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

/** What an {@link api} answers. */
export interface Echo {
  readonly path: string
  readonly token: string
  readonly length: number
  readonly sha256: string
  readonly contentLength?: string
  readonly contentType?: string
}

/**
 * An API that knows one good token: it answers an {@link Echo} of what it got to that one, and 401 to every other.
 * It reads each body to its end before it answers.
 */
export function api(good: string, challenge = 'Bearer error="invalid_token"'): Listener {
  return async (incoming, outgoing, hit) => {
    const body = await read(incoming)
    hit.body = body
    const [authorization = ''] = hit.authorization
    if (authorization !== `Bearer ${good}`) {
      outgoing.writeHead(401, { 'www-authenticate': challenge, 'x-original': 'yes' }).end('refused')
      return
    }
    const { 'content-length': contentLength, 'content-type': contentType } = hit.headers
    const echo = { path: hit.path, token: authorization.slice(7), length: body.length, sha256: sha256(body) }
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify({ ...echo, contentLength, contentType }))
  }
}

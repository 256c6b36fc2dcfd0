import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request as it arrived. */
export interface Arrived {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly form: URLSearchParams
}

type Handler = (response: ServerResponse, arrived: Arrived, request: IncomingMessage) => unknown

export interface AuthorizationServer {
  readonly origin: string
  readonly port: number
  /** Every request in the order of its arrival. */
  readonly arrived: Arrived[]
  /** What the next requests are answered with. By default a token. */
  response: Handler
  /** The next request, once it is there. */
  next(): Promise<void>
  close(): void
}

/** An authorization server on loopback that answers as the test says and remembers what it was asked. */
export async function startAuthorizationServer(
  create: (listener: RequestListener) => ReturnType<typeof createServer> = createServer,
): Promise<AuthorizationServer> {
  const server = create((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request
      const arrived = { method, url, headers, body, form: new URLSearchParams(body) }
      self.arrived.push(arrived)
      server.emit('arrived')
      return self.response(response, arrived, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const self: AuthorizationServer = {
    origin: `http://127.0.0.1:${port}`,
    port,
    arrived: [],
    response: (response) => json(response, 200, { access_token: 't', token_type: 'Bearer', expires_in: 3600 }),
    async next() {
      await once(server, 'arrived')
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return self
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Writes an answer, or whatever it likes, to one request. */
export type RawResponse = (socket: Socket, request: string) => void

/** A server that speaks bytes, not HTTP: it reads whole requests and answers each with what it is told. */
export interface HostileServer {
  readonly origin: string
  readonly port: number
  /** Every request, head and body, in the order of its arrival. */
  readonly requests: string[]
  /** Answers the next requests, each connection's one after the other. */
  response: RawResponse
  /** Resolves once there was a request. */
  asked(): Promise<void>
  /** How many are connected. */
  readonly connections: number
  /** Resolves once nobody is connected. */
  empty(): Promise<void>
}

const running = new Set<Server>()
const sockets = new Set<Socket>()

export async function hostileServer(response: RawResponse): Promise<HostileServer> {
  const server = createServer({ noDelay: true })
  const requests: string[] = []
  const connected = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    for (const set of [sockets, connected]) {
      set.add(socket)
      socket.once('close', () => set.delete(socket))
    }
    socket.on('error', () => undefined).once('close', () => server.emit('left'))
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
      for (let length = wholeRequest(received); length > 0; length = wholeRequest(received)) {
        requests.push(received.slice(0, length))
        received = received.slice(length)
        self.response(socket, requests.at(-1)!)
        server.emit('asked')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.add(server)
  const { port } = server.address() as AddressInfo
  const self: HostileServer = {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    response,
    get connections() {
      return connected.size
    },
    async asked() {
      if (requests.length === 0) await once(server, 'asked')
    },
    async empty() {
      while (connected.size > 0) await once(server, 'left')
    },
  }
  return self
}

/** For `afterEach`. */
export function closeHostileServers(): void {
  for (const server of running) server.close()
  for (const socket of sockets) socket.destroy()
  running.clear()
}

/** The length of the request that these bytes begin with, 0 while it is not whole. */
function wholeRequest(bytes: string): number {
  const head = bytes.indexOf('\r\n\r\n') + 4
  if (head < 4) return 0
  const length = head + Number(/\r\ncontent-length: *(\d+)/i.exec(bytes.slice(0, head))?.[1] ?? 0)
  return bytes.length < length ? 0 : length
}

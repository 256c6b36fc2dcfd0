import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A proxy on this machine that knows CONNECT only. It leads every host to one port, and notes which were asked for. */
export interface ConnectProxy {
  readonly url: string
  readonly tunnels: string[]
  close(): void
}

export async function startConnectProxy(port: number): Promise<ConnectProxy> {
  const tunnels: string[] = []
  const server = createServer((_request, response) => void response.writeHead(405).end())
  server.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url)
    const target = connect({ host: '127.0.0.1', port }, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    for (const end of [socket, target]) end.on('error', () => [socket, target].map((each) => each.destroy()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

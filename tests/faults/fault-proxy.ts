import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What happens to one connection. Bytes are counted, not milliseconds, so that a fault strikes the same byte each time. */
export type Fault =
  /** Passes so many bytes in one direction, and then ends both sides: politely, or not. */
  | { kind: 'cut'; towards: 'server' | 'client'; after: number; by: 'FIN' | 'RST' }
  /** Passes so many bytes in one direction, and never another: neither side hears of anything. */
  | { kind: 'stall'; towards: 'server' | 'client'; after: number }
  /** Passes so many bytes at a time, each in a packet of its own. */
  | { kind: 'trickle'; towards: 'server' | 'client'; bytes: number }
  /** Hangs up on whoever connects. */
  | { kind: 'refuse' }

/** A TCP proxy between a client and a server on loopback that does harm by a script. */
export interface FaultProxy {
  readonly origin: string
  /** For the next connections, in turn; none is left: a connection that nothing happens to. */
  script: Fault[]
  /** Connections that clients have made. */
  readonly accepted: number
  /** Of these, how many they still hold. */
  readonly held: number
  /** Resolves once they hold none. */
  empty(): Promise<void>
}

const running = new Set<Server>()
const sockets = new Set<Socket>()

export async function faultProxy(port: number, script: Fault[] = []): Promise<FaultProxy> {
  const server = createServer({ noDelay: true, allowHalfOpen: false })
  const held = new Set<Socket>()
  let accepted = 0
  server.on('connection', (client: Socket) => {
    accepted += 1
    held.add(client)
    sockets.add(client)
    client
      .on('error', () => undefined)
      .once('close', () => {
        held.delete(client)
        sockets.delete(client)
        server.emit('left')
      })
    const fault = self.script.shift()
    if (fault?.kind === 'refuse') return void client.resetAndDestroy()
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true })
    sockets.add(upstream)
    upstream.on('error', () => undefined).once('close', () => sockets.delete(upstream))
    relay(client, upstream, fault !== undefined && fault.towards === 'server' ? fault : undefined)
    relay(upstream, client, fault !== undefined && fault.towards === 'client' ? fault : undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.add(server)
  const self: FaultProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script,
    get accepted() {
      return accepted
    },
    get held() {
      return held.size
    },
    async empty() {
      while (held.size > 0) await once(server, 'left')
    },
  }
  return self
}

/** For `afterEach`. */
export function closeFaultProxies(): void {
  for (const server of running) server.close()
  for (const socket of sockets) socket.destroy()
  running.clear()
}

function relay(from: Socket, to: Socket, fault: Exclude<Fault, { kind: 'refuse' }> | undefined): void {
  from.once('close', () => {
    // To one whose other side stalls nothing ever happens.
    if (fault?.kind !== 'stall') to.end()
  })
  if (fault === undefined) return void from.pipe(to)
  if (fault.kind === 'trickle') return void trickle(from, to, fault.bytes)
  let left = fault.after
  const strike = () => {
    if (fault.kind === 'stall') return
    from.pause()
    for (const socket of [from, to]) {
      if (fault.by === 'FIN') socket.end(() => socket.destroy())
      else socket.resetAndDestroy()
    }
  }
  // It is read on: of a socket that nobody reads nobody hears the end.
  from.on('data', (chunk: Buffer) => {
    const passed = chunk.subarray(0, left)
    left -= passed.length
    if (passed.length > 0) to.write(passed, () => left === 0 && strike())
  })
  if (left === 0) strike()
}

function trickle(from: Socket, to: Socket, bytes: number): void {
  from.on('data', (chunk: Buffer) => {
    from.pause()
    const next = (at: number) => {
      if (at >= chunk.length || to.destroyed) return void from.resume()
      // A turn of the event loop between two writes makes them two packets.
      to.write(chunk.subarray(at, at + bytes), () => setImmediate(next, at + bytes))
    }
    next(0)
  })
}

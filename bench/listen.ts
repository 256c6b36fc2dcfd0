import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The origin, on loopback, at which it listens from now on, as long as the parent of this process lives. */
export async function listen(server: Server): Promise<string> {
  process.once('disconnect', () => process.exit())
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Whether a Redis can be started here. Without one a test is skipped, and says so. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** How long a server may take to answer for the first time, in milliseconds. */
const START_LIMIT = 10_000

/** A real Redis on a free port of this machine, with a directory of its own; it keeps nothing on disk unless it is told to. */
export class RedisServer {
  readonly #directory = mkdtempSync(join(tmpdir(), 'everbearer-redis-'))
  readonly #settings: readonly string[]
  #port = 0
  #process: ChildProcess | undefined

  /** `settings` as on the command line, such as `['--maxmemory', '2mb']`. */
  constructor(settings: readonly string[] = []) {
    this.#settings = settings
  }

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(settings)
    await server.start()
    return server
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  /** Where a dump goes. */
  get directory(): string {
    return this.#directory
  }

  /** To stop it for a while, by SIGSTOP. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Again on the same port, when it was stopped. */
  async start(): Promise<void> {
    this.#port ||= await freePort()
    const settings = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn('redis-server', [...settings, '--dir', this.#directory, ...this.#settings], { stdio: 'ignore' })
    this.#process = child
    const end = performance.now() + START_LIMIT
    while (!(await responses(this.#port))) {
      if (child.exitCode !== null || performance.now() > end) throw new Error('redis-server did not start.')
      await wait(5)
    }
  }

  /** At once, as by a power failure, or after a last dump where it is told to keep one. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function responses(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [response] = (await once(socket, 'data')) as [Buffer]
    return response.toString().startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import { delay } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import type { RunScript } from '../../src/redis/redis-client.js'
import { COMPARE_AND_SET, LEASE, LEFT, READ, RELEASE, RENEW } from '../../src/redis/scripts.js'

/** Milliseconds to Redis and back. */
const LATENCY = 1

interface Entry {
  readonly value: readonly string[]
  until: number
}

/** What the store's scripts do, in memory and by a clock that is not Redis' own; each one that comes is told. */
export class SimulatedRedis {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  onCommand: () => void = () => undefined
  lost = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  readonly run: RunScript = async (script, keys, args) => {
    this.onCommand()
    await delay(this.#clock, LATENCY)
    if (this.lost) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const [first = '', second = ''] = keys
    const [a = '', b = '', c = '', d = '', e = '', f = '', g = ''] = args
    switch (script) {
      case READ: {
        const held = this.#get(first)
        return held && [...held.value, this.#left(first)]
      }
      case COMPARE_AND_SET: {
        const highest = this.#get(second)
        if (highest === undefined || Number(b) < Number(highest.value[0])) return 0
        if ((this.#get(first)?.value[1] ?? '') !== c) return 0
        this.#set(first, [g, d, f, e], Number(e))
        return 1
      }
      case LEASE: {
        const holder = this.#get(first)
        if (holder) return [holder.value[0], this.#left(first)]
        this.#set(first, [a], Number(b))
        const fence = Math.max(this.#clock.now(), Number(this.#get(second)?.value[0] ?? 0) + 1)
        this.#set(second, [String(fence)], Number(c))
        return String(fence)
      }
      case LEFT:
        return this.#get(first)?.value[0] === a ? this.#left(first) : 0
      case RENEW:
        if (this.#get(first)?.value[0] !== a) return 0
        this.#get(first)!.until = this.#clock.now() + Number(b)
        return 1
      case RELEASE:
        if (this.#get(first)?.value[0] === a) this.#entries.delete(first)
        return 1
      default:
        throw new Error('A script that is not the store’s.')
    }
  }

  #get(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.until > this.#clock.now() ? entry : undefined
  }

  #left(key: string): number {
    return Math.ceil(this.#get(key)!.until - this.#clock.now())
  }

  #set(key: string, value: readonly string[], ttl: number): void {
    this.#entries.set(key, { value, until: this.#clock.now() + ttl })
  }
}

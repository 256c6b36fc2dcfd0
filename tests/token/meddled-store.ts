import { MemoryTokenStore } from '../../src/stores/memory-token-store.js'
import type { CompareAndSetOptions, Lease, StoredValue, TokenStore } from '../../src/token/token-store.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'

interface Signalled {
  readonly signal?: AbortSignal | undefined
}

/** A store in memory with which a test may meddle: before each operation, and with what a lease is. */
export class MeddledStore implements TokenStore {
  readonly #store: MemoryTokenStore
  readonly operations: string[] = []
  /** The texts that were written, and how long they were to last. */
  readonly writes: { value: string | undefined; ttl: number }[] = []
  readonly leaseTtls: number[] = []
  /** Called before each operation, which goes on when it resolves. */
  before: (operation: 'get' | 'compareAndSet' | 'lease') => unknown = () => undefined
  onLease: (lease: Lease) => Lease = (lease) => lease

  constructor(clock: FakeClock) {
    this.#store = new MemoryTokenStore({ clock })
  }

  async get(key: string, options?: Signalled): Promise<StoredValue | undefined> {
    await this.#note('get')
    return this.#store.get(key, options)
  }

  async compareAndSet(key: string, value: string | undefined, options: CompareAndSetOptions): Promise<boolean> {
    await this.#note('compareAndSet')
    const isWritten = await this.#store.compareAndSet(key, value, options)
    if (isWritten) this.writes.push({ value, ttl: options.ttl })
    return isWritten
  }

  async lease(key: string, ttl: number, options?: Signalled): Promise<Lease | undefined> {
    this.leaseTtls.push(ttl)
    await this.#note('lease')
    const lease = await this.#store.lease(key, ttl, options)
    return lease && this.onLease(lease)
  }

  async #note(operation: 'get' | 'compareAndSet' | 'lease'): Promise<void> {
    this.operations.push(operation)
    await this.before(operation)
  }
}

import { afterEach, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FileTokenStore } from '../../src/stores/file-token-store.js'
import type { FileTokenStoreOptions } from '../../src/stores/file-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { describeTokenStore } from './contract.js'
import { removeDirectories, temporaryDirectory } from './directories.js'

afterEach(removeDirectories)

/** A process's clock: while it is stopped no timer fires, and when it goes on all that are due do so late. */
class ProcessClock extends FakeClock {
  #stopped = false
  /** What went by without a timer. */
  #missed: number

  constructor(missed: number) {
    super()
    this.#missed = missed
  }

  override now(): number {
    return super.now() + this.#missed
  }

  override monotonic(): number {
    return super.monotonic() + this.#missed
  }

  stop(): void {
    this.#stopped = true
  }

  override async advance(milliseconds: number): Promise<void> {
    if (this.#stopped) this.#missed += milliseconds
    else await super.advance(milliseconds)
  }

  async goOn(): Promise<void> {
    this.#stopped = false
    await this.advance(10_000)
  }
}

/** Handles on one directory, each as another process would have it. */
async function place(options: FileTokenStoreOptions) {
  const directory = join(temporaryDirectory(), 'made when it is missing')
  const clocks = new Map<TokenStore, ProcessClock>()
  let now = 0
  return {
    open() {
      const clock = new ProcessClock(now)
      const store = new FileTokenStore(directory, { ...options, clock })
      clocks.set(store, clock)
      return store
    },
    async advance(milliseconds: number) {
      now += milliseconds
      await Promise.all([...clocks.values()].map((clock) => clock.advance(milliseconds)))
    },
    stop(store: TokenStore) {
      const clock = clocks.get(store)!
      clock.stop()
      return () => clock.goOn()
    },
    remove: removeDirectories,
  }
}

describeTokenStore('FileTokenStore', () => place({}))
describeTokenStore('FileTokenStore, sealed', () => place({ encryptionKey: randomBytes(32) }))

describe('the directory of a FileTokenStore', () => {
  const key = 'key'
  const write = async (store: TokenStore) => {
    const { fence } = (await store.lease(key, 1_000))!
    return store.compareAndSet(key, 'value', { expectedVersion: undefined, fence, ttl: 60_000 })
  }

  it('may be a file: URL, of what its path names', async () => {
    const directory = join(temporaryDirectory(), 'with a space')
    expect(await write(new FileTokenStore(pathToFileURL(directory)))).toBe(true)
    expect(await new FileTokenStore(directory).get(key)).toMatchObject({ value: 'value' })
  })

  it('is where it was when the store was made, wherever the process goes', async () => {
    const [here, there] = [temporaryDirectory(), temporaryDirectory()]
    const before = process.cwd()
    try {
      process.chdir(here)
      const store = new FileTokenStore('tokens')
      process.chdir(there)
      expect(await write(store)).toBe(true)
    } finally {
      process.chdir(before)
    }
    expect(await new FileTokenStore(join(here, 'tokens')).get(key)).toMatchObject({ value: 'value' })
  })
})

import { closeSync, existsSync, openSync, readSync, renameSync, writeSync } from 'node:fs'

import { delay } from '../base/clock.js'
import type { Clock, Timer } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { Lease } from '../token/token-store.js'
import type { FileWait, TryLock } from './file-lock.js'
import type { KeyDirectory } from './key-directory.js'

/** How often in its `ttl` a lease is renewed: two renewals may fail. */
const RENEWALS = 3

/** How often a waiting process looks whether the lease has ended, in milliseconds: between the two, so that all differ. */
const LOOK_EVERY = { least: 10, most: 25 }

/**
 * A lease that this process holds: a file that is locked, so that its holder's death is seen at once, and in which stands
 * until when the lease is good by the machine's monotonic clock, so that a holder that is stopped loses it all the same.
 */
export class FileLease implements Lease {
  readonly fence: number
  readonly #path: string
  readonly #fd: number
  readonly #clock: Clock
  readonly #ttl: number
  readonly #lost = new AbortController()
  #until = 0
  #timer: Timer | undefined
  #released = false

  /** To be made while nobody else changes the directory. Locked before it can be seen, or somebody could be faster. */
  constructor(directory: KeyDirectory, fence: number, options: { ttl: number; clock: Clock; tryLock: TryLock }) {
    const { ttl, clock, tryLock } = options
    const unseen = directory.file('lease.tmp')
    this.fence = fence
    this.#path = directory.leaseFile(fence)
    this.#clock = clock
    this.#ttl = ttl
    this.#fd = openSync(unseen, 'w+', 0o600)
    try {
      tryLock(this.#fd)
      this.#renew()
      renameSync(unseen, this.#path)
    } catch (error) {
      closeSync(this.#fd)
      throw error
    }
    this.#arm()
  }

  get signal(): AbortSignal {
    // A process that was stopped and goes on may look before its timers fire.
    if (!this.#released && this.#hasExpired) this.#lose()
    return this.#lost.signal
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    this.#timer?.clear()
    closeSync(this.#fd)
  }

  get #hasExpired(): boolean {
    return this.#clock.monotonic() >= this.#until
  }

  #renew(): void {
    const until = this.#clock.monotonic() + this.#ttl
    writeUntil(this.#fd, until)
    this.#until = until
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => this.#onTimer(), this.#ttl / RENEWALS)
  }

  #onTimer(): void {
    // Whoever is granted the next one removes this one's file.
    if (this.#hasExpired || !existsSync(this.#path)) return this.#lose()
    try {
      this.#renew()
    } catch {
      // A disk that fails for a moment: there are two more times.
    }
    this.#arm()
  }

  #lose(): void {
    void this.release()
    const message = 'The lease was lost: this process could not renew it in time.'
    this.#lost.abort(new TokenError('token_store_failed', message, { retryable: true }))
  }
}

/**
 * When a lease will have been released or lost, or its holder have died; undefined when that is so already. Opens the
 * file at once, so that it is the right one also when it is removed meanwhile.
 */
export function leaseEnd(path: string, wait: FileWait): Promise<undefined> | undefined {
  const fd = openSync(path, 'r')
  if (!hasEnded(fd, wait)) return endOf(fd, wait)
  closeSync(fd)
  return undefined
}

async function endOf(fd: number, wait: FileWait): Promise<undefined> {
  const { clock, signal, keepAlive } = wait
  try {
    do {
      const { least, most } = LOOK_EVERY
      await delay(clock, least + (most - least) * clock.random(), { signal, keepAlive })
    } while (!hasEnded(fd, wait))
  } finally {
    closeSync(fd)
  }
}

/** The lock that is tried is shared: those who look do not meet each other. */
function hasEnded(fd: number, { clock, tryLock }: FileWait): boolean {
  return tryLock(fd, { shared: true }) || clock.monotonic() >= readUntil(fd)
}

/** Eight bytes, which are written and read as one. */
function writeUntil(fd: number, until: number): void {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(until)
  writeSync(fd, bytes, 0, 8, 0)
}

function readUntil(fd: number): number {
  const bytes = Buffer.alloc(8)
  readSync(fd, bytes, 0, 8, 0)
  return bytes.readDoubleLE()
}

import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs'

import { delay } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { RenewedLease } from '../token/renewed-lease.js'
import type { Hold } from '../token/renewed-lease.js'
import type { FileWait, TryLock } from './file-lock.js'
import type { KeyDirectory } from './key-directory.js'
import { openOwned } from './owned-path.js'

/** How often a waiting process looks whether the lease has ended, in milliseconds: between the two, so that all differ. */
const LOOK_EVERY = { least: 10, most: 25 }

/**
 * Takes a lease: a file that is locked, so that its holder's death is seen at once, and in which stands until when the lease
 * is good by the machine's monotonic clock, so that a holder that is stopped loses it all the same.
 *
 * To be called while nobody else changes the directory, or somebody could be faster to lock it.
 */
export function takeLease(
  directory: KeyDirectory,
  fence: number,
  { ttl, clock, tryLock }: { ttl: number; clock: Clock; tryLock: TryLock },
): RenewedLease {
  const path = directory.leaseFile(fence)
  const since = clock.monotonic()
  const fd = openSync(path, 'wx+', 0o600)
  try {
    tryLock(fd)
    writeUntil(fd, since + ttl)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  const hold: Hold = {
    renew() {
      // Whoever is granted the next one removes this one's file.
      if (!existsSync(path)) return false
      writeUntil(fd, clock.monotonic() + ttl)
      return true
    },
    letGo: () => closeSync(fd),
  }
  return new RenewedLease(fence, hold, { ttl, clock, since })
}

/**
 * When a lease will have been released or lost, or its holder have died; undefined when that is so already. Opens the
 * file at once, so that it is the right one also when it is removed meanwhile.
 */
export function leaseEnd(path: string, wait: FileWait): Promise<undefined> | undefined {
  const fd = openOwned(path, constants.O_RDONLY)
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

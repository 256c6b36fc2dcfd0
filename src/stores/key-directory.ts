import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'

import { delay } from '../base/clock.js'
import type { FileWait } from './file-lock.js'
import { corrupt } from './stored-file.js'

const LEASE = /^lease\.(\d+)$/
const WRITING = /^value\.(\d+)\..*\.tmp$/

/** Bits of a mode that let others than the owner in. */
const OTHERS = 0o077

/** The directory of a store, as its user gave it, and which one was current then. */
export interface StoreDirectory {
  readonly path: string | URL
  readonly from: string
}

/**
 * The files of one key:
 *
 *     value           what is stored
 *     lock            locked for the moment of a change
 *     lease.7         the lease with fence 7, the last that was granted; locked as long as its holder lives and keeps it
 *     value.7.….tmp   is being written by its holder
 */
export class KeyDirectory {
  readonly path: string

  constructor({ path, from }: StoreDirectory, name: string) {
    this.path = resolve(from, path instanceof URL ? fileURLToPath(path) : path, name)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  leaseFile(fence: number): string {
    return this.file(`lease.${fence}`)
  }

  /** Makes it where it is missing, safe from a power failure too. */
  async ensure(): Promise<void> {
    const firstMade = mkdirSync(this.path, { recursive: true, mode: 0o700 })
    if (firstMade === undefined) return
    for (let made = this.path; made.length >= firstMade.length; made = dirname(made)) await syncDirectory(dirname(made))
  }

  /**
   * Does what no other process, and no other store of this one, may come between. Synchronous, so that it is over in a
   * moment: a process that is stopped is hardly ever stopped just here.
   */
  async exclusively<Result>(change: () => Result, { clock, tryLock, ...wait }: FileWait): Promise<Result> {
    const fd = openSync(this.file('lock'), 'a', 0o600)
    try {
      while (!tryLock(fd)) await delay(clock, 1 + 2 * clock.random(), wait)
      return change()
    } finally {
      closeSync(fd)
    }
  }

  /** The highest fence that was granted, 0 when none was. */
  highestFence(): number {
    return Math.max(0, ...this.#numbered(LEASE).map(({ number }) => number))
  }

  /** Removes what holders of earlier leases left behind. */
  removeBefore(fence: number): void {
    for (const { name, number } of [...this.#numbered(LEASE), ...this.#numbered(WRITING)]) {
      if (number < fence) rmSync(this.file(name), { force: true })
    }
  }

  /** The text of the value's file, undefined when there is none. */
  readValue(): string | undefined {
    const path = this.file('value')
    let fd: number
    try {
      // A FIFO would be waited for.
      fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    try {
      const file = fstatSync(fd)
      if (!file.isFile()) throw corrupt(path, 'is no file')
      if (file.mode & OTHERS) throw corrupt(path, 'may be read by others than its owner: its mode must be 0600')
      return readFileSync(fd, 'utf8')
    } finally {
      closeSync(fd)
    }
  }

  /** Writes a text that is to take the place of the value's file, all the way to the disk. */
  async prepareValue(text: string, fence: number): Promise<string> {
    const path = this.file(`value.${fence}.${randomUUID()}.tmp`)
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } catch (error) {
      this.discard(path)
      throw error
    } finally {
      await file.close()
    }
    return path
  }

  discard(path: string): void {
    rmSync(path, { force: true })
  }

  replaceValue(prepared: string | undefined): void {
    if (prepared === undefined) rmSync(this.file('value'), { force: true })
    else renameSync(prepared, this.file('value'))
  }

  /** What was renamed or removed stays so after a power failure. */
  sync(): Promise<void> {
    return syncDirectory(this.path)
  }

  #numbered(pattern: RegExp): { name: string; number: number }[] {
    return readdirSync(this.path).flatMap((name) => {
      const number = pattern.exec(name)?.[1]
      return number === undefined ? [] : [{ name, number: Number(number) }]
    })
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

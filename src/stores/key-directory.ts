import { closeSync, constants, fstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'

import { delay } from '../base/clock.js'
import { checkStoredSize, MAX_STORED } from '../token/stored-size.js'
import type { FileWait } from './file-lock.js'
import { checkDirectory, openOwned, realPath } from './owned-path.js'
import { corrupt } from './stored-file.js'

const LEASE = /^lease\.(0|[1-9]\d*)$/
const WRITING = /^value\.(\d+)\..*\.tmp$/

/** No store counts that far, and beyond it not every number has a next one. */
const MAX_FENCE = 2 ** 52

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
 *
 * Others could put files of theirs there, so whatever is used belongs to this process's user or to root.
 */
export class KeyDirectory {
  #store: string
  readonly #name: string

  constructor({ path, from }: StoreDirectory, name: string) {
    this.#store = resolve(from, path instanceof URL ? fileURLToPath(path) : path)
    this.#name = name
  }

  get path(): string {
    return join(this.#store, this.#name)
  }

  /** Checks who owns the directory and may write to it, and says whether it is there. To be called first. */
  check(): boolean {
    this.#store = realPath(this.#store)
    return checkDirectory(this.path)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  leaseFile(fence: number): string {
    return this.file(`lease.${fence}`)
  }

  /** Makes it where it is missing, safe from a power failure too. */
  async ensure(): Promise<void> {
    if (this.check()) return
    const store = this.#store
    const storeMade = mkdirSync(store, { recursive: true, mode: 0o700 })
    // Users who may write to it could move this directory away. One that is there is used all the same: a session does not
    // end when somebody opens the store's directory by mistake.
    checkDirectory(store, `, or give the store a directory inside it, such as ${join(store, 'tokens')}`)
    const made = mkdirSync(this.path, { recursive: true, mode: 0o700 })
    // Another user may have been faster.
    this.check()
    const firstMade = storeMade ?? made
    if (firstMade === undefined) return
    for (let path = this.path; path.length >= firstMade.length; path = dirname(path)) await syncDirectory(dirname(path))
  }

  /**
   * Does what no other process, and no other store of this one, may come between. Synchronous, so that it is over in a
   * moment: a process that is stopped is hardly ever stopped just here.
   */
  async exclusively<Result>(change: () => Result, { clock, tryLock, ...wait }: FileWait): Promise<Result> {
    const fd = openOwned(this.file('lock'), constants.O_RDWR | constants.O_CREAT)
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
      fd = openOwned(path, constants.O_RDONLY)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    try {
      if (fstatSync(fd).size > MAX_STORED) throw corrupt(path, `has more than ${MAX_STORED} bytes`)
      return readFileSync(fd, 'utf8')
    } finally {
      closeSync(fd)
    }
  }

  /** Writes a text that is to take the place of the value's file, all the way to the disk. */
  async prepareValue(text: string, fence: number): Promise<string> {
    checkStoredSize(text)
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
      const digits = pattern.exec(name)?.[1]
      if (digits === undefined) return []
      const number = Number(digits)
      if (number >= MAX_FENCE) throw corrupt(this.file(name), 'has a number that no store counts up to')
      return [{ name, number }]
    })
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

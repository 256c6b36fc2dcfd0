import { createHash, randomUUID } from 'node:crypto'

import { elapsedSince, instant, systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { Omittable } from '../base/omitted.js'
import { checkClock, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { SeenVersions } from '../token/seen-versions.js'
import { leaseArguments, readArguments, writeArguments } from '../token/store-arguments.js'
import type { CompareAndSetOptions, Lease, StoredValue, TokenStore } from '../token/token-store.js'
import { fileLock } from './file-lock.js'
import type { KeyDirectory, StoreDirectory } from './key-directory.js'
import { encryption } from '../base/encryption.js'
import type { EncryptionKey } from '../base/encryption.js'
import { storedFileFormat } from './stored-file.js'
import type { StoredFileFormat, StoredRecord } from './stored-file.js'

/** Describes how a {@link FileTokenStore} seals its files, and where time comes from. */
export type FileTokenStoreOptions = FileTokenStoreClock & Omittable<FileTokenStoreSeal>

interface FileTokenStoreClock {
  /** Where time comes from. All processes must share its monotonic clock, as they share the machine's own, the default. */
  clock?: Clock | undefined
}

interface FileTokenStoreSeal {
  /**
   * Seals the files: 32 random bytes, as a Buffer or as base64. Of several the first seals, and all open what they sealed, so that
   * a key can be replaced. Default: none; whoever can read the files can use the tokens.
   */
  encryptionKey: EncryptionKey | readonly EncryptionKey[]
}

const NAMES: OptionNames<FileTokenStoreOptions> = { encryptionKey: 'defined', clock: true }

/**
 * Keeps tokens in files, for refresh tokens that must outlive the process and for several processes on one machine: one
 * of them renews a token, the others wait for it and read it. What it has written survives `kill -9` and a power failure.
 *
 * The directory is made when it is missing, and must be on a disk of this machine. Files are of mode 0600 and are replaced
 * whole; one that is corrupt, foreign, another user's, sealed with another key or open to others is {@link TokenError}
 * `token_store_corrupt` and is never overwritten. So is a directory that others may write to. `token_store_failed`, retryable, when the disk is full or not to be written, and
 * `dependency_missing` where there are no file locks. Throws {@link EverbearerError} `invalid_option`.
 *
 * @example
 * ```js
 * import { randomBytes } from 'node:crypto'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { FileTokenStore } from 'everbearer'
 *
 * const directory = await mkdtemp(`${tmpdir()}/tokens-`)
 * const store = new FileTokenStore(directory, { encryptionKey: process.env.TOKEN_KEY ?? randomBytes(32) })
 * console.log(await store.get('key')) // undefined
 * ```
 */
export class FileTokenStore implements TokenStore {
  readonly #directory: StoreDirectory
  readonly #format: StoredFileFormat
  readonly #clock: Clock
  readonly #seen = new SeenVersions()

  constructor(directory: string | URL, options: FileTokenStoreOptions = {}) {
    const { encryptionKey, clock = systemClock } = knownOptions(options, 'FileTokenStore', NAMES)
    checkClock(clock)
    this.#directory = storeDirectory(directory)
    this.#format = storedFileFormat(
      encryptionKey === undefined ? undefined : encryption('encryptionKey', encryptionKey),
    )
    this.#clock = clock
  }

  async get(
    key: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<StoredValue | undefined> {
    const { signal } = readArguments(key, options)
    return this.#use(key, signal, async (directory, name) => {
      const record = this.#read(directory, name)
      return record && { value: record.value, version: record.version, age: this.#age(record) }
    })
  }

  async compareAndSet(key: string, value: string | undefined, options: CompareAndSetOptions): Promise<boolean> {
    const { expectedVersion, fence, ttl } = writeArguments(key, value, options)
    return this.#use(key, undefined, async (directory, name) => {
      const wait = { clock: this.#clock, tryLock: await fileLock(), signal: undefined, keepAlive: true }
      await directory.ensure()
      const writtenAt = instant(this.#clock)
      // By the clock, so that a directory that was removed does not begin below what other processes have seen.
      const sequence = Math.max(this.#seen.of(name) + 1, writtenAt.wall)
      const record = value !== undefined && { value, version: randomUUID(), sequence, writtenAt, ttl }
      const prepared = record ? await directory.prepareValue(this.#format.encode(record, name), fence) : undefined
      try {
        const isWritten = await directory.exclusively(() => {
          if (fence < directory.highestFence()) return false
          if (this.#read(directory, name)?.version !== expectedVersion) return false
          // This process had not seen what it would replace, and numbered its own value too low.
          if (this.#seen.of(name) >= sequence) return false
          directory.replaceValue(prepared)
          this.#seen.add(name, sequence)
          return true
        }, wait)
        if (isWritten) await directory.sync()
        return isWritten
      } finally {
        if (prepared !== undefined) directory.discard(prepared)
      }
    })
  }

  async lease(
    key: string,
    ttl: number,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Lease | undefined> {
    const { signal } = leaseArguments(key, ttl, options)
    return this.#use(key, signal, async (directory) => {
      const { leaseEnd, takeLease } = await import('./file-lease.js')
      const wait = { clock: this.#clock, tryLock: await fileLock(), signal, keepAlive: false }
      await directory.ensure()
      const { lease, end } = await directory.exclusively(() => {
        const last = directory.highestFence()
        const end = last > 0 ? leaseEnd(directory.leaseFile(last), wait) : undefined
        if (end) return { end, lease: undefined }
        directory.removeBefore(last)
        return { end, lease: takeLease(directory, last + 1, { ttl, ...wait }) }
      }, wait)
      return lease ?? end
    })
  }

  #read(directory: KeyDirectory, name: string): StoredRecord | undefined {
    const text = directory.readValue()
    if (text === undefined) return undefined
    const record = this.#format.decode(text, name, directory.file('value'))
    // One that was put back counts for none: the process goes on with the newer tokens that it knows, and overwrites it.
    if (record.sequence < this.#seen.of(name)) return undefined
    this.#seen.add(name, record.sequence)
    return this.#age(record) < record.ttl ? record : undefined
  }

  #age({ writtenAt }: StoredRecord): number {
    return Math.max(0, elapsedSince(writtenAt, this.#clock))
  }

  /** A key's name for files says nothing of it, and is a name on every disk. */
  async #use<Result>(
    key: string,
    signal: AbortSignal | undefined,
    work: (directory: KeyDirectory, name: string) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted()
    const name = createHash('sha256').update(key).digest('hex')
    // Not before a file is used: with node:fs and the lease it would be a tenth of the time that importing the core takes.
    const { KeyDirectory } = await import('./key-directory.js')
    const directory = new KeyDirectory(this.#directory, name)
    try {
      directory.check()
      return await work(directory, name)
    } catch (error) {
      throw signal?.aborted ? signal.reason : storeFailure(error, directory.path)
    }
  }
}

function storeDirectory(path: string | URL): StoreDirectory {
  const isPath = path instanceof URL ? isLocalFile(path) : typeof path === 'string'
  if (isPath && String(path) !== '') return { path, from: process.cwd() }
  throw new EverbearerError('invalid_option', 'A FileTokenStore takes a directory: a path, or a file: URL.')
}

/** Locks do not reach another host (RFC 8089), and a name that holds a slash is none. */
function isLocalFile({ protocol, host, pathname }: URL): boolean {
  return protocol === 'file:' && host === '' && !/%2f/i.test(pathname)
}

/** The system's own errors have a code such as ENOSPC; they name no more than the path. */
function storeFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof EverbearerError || typeof code !== 'string') return error
  const denied = `uid ${process.geteuid?.()} has no permission. Make that user the owner of the directory, or run as its owner.`
  const why = code === 'EACCES' || code === 'EPERM' ? denied : 'check the disk, its room and who may write there.'
  const message = `The token store cannot use ${path} (${code}): ${why}`
  return new TokenError('token_store_failed', message, { retryable: true, requestSent: false })
}

import { createHash, randomUUID } from 'node:crypto'

import { abortable } from '../base/abortable.js'
import { delay, systemClock } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import type { EverbearerError, TokenError } from '../base/errors.js'
import { checkClock, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { encryption } from '../base/encryption.js'
import type { EncryptionKey, Encryption } from '../base/encryption.js'
import { RenewedLease } from '../token/renewed-lease.js'
import { SeenVersions } from '../token/seen-versions.js'
import { leaseArguments, readArguments, writeArguments } from '../token/store-arguments.js'
import { checkStoredSize } from '../token/stored-size.js'
import type { CompareAndSetOptions, Lease, StoredValue, TokenStore } from '../token/token-store.js'
import { scriptRunner } from './redis-client.js'
import type { RedisClient, RunScript } from './redis-client.js'
import { corrupt, redisFailure } from './redis-failure.js'
import { integerOf, isDone, textsOf } from './reply.js'
import { COMPARE_AND_SET, LEASE, LEFT, READ, RELEASE, RENEW } from './scripts.js'

/** What a {@link redisTokenStore} is told. */
export interface RedisTokenStoreOptions {
  /**
   * Seals the values: 32 random bytes, as a Buffer or as base64, the same in the whole fleet. Of several the first seals, and
   * all open what they sealed, so that a key can be replaced.
   */
  encryptionKey: EncryptionKey | readonly EncryptionKey[]
  /** What the keys in Redis begin with. Default: `everbearer`. */
  prefix?: string | undefined
  /** Where time comes from. Default: the machine's own. */
  clock?: Clock | undefined
}

const NAMES: OptionNames<RedisTokenStoreOptions> = { encryptionKey: 'defined', prefix: true, clock: true }

/** How often whoever waits looks whether a lease has ended, in milliseconds, and each time up to half as long again. */
const LOOK_FIRST = 8
const LOOK_GROWTH = 1.4
const MAX_LOOK_INTERVAL = 150

/** How long a fence is known after its lease, in milliseconds: who writes later than that is refused. */
const FENCE_KNOWN = 60_000

/**
 * Keeps tokens in Redis, for a fleet that shares them: one process asks the authorization server, under a lease, and the others read
 * what it wrote. The client is the application's own; the store neither connects nor closes it, and never subscribes.
 *
 * Values are sealed (AES-256-GCM) and bound to their key; keys are hashes. No key outlives its token, or `sessionTtl` where
 * there is a refresh token; life is told by what Redis has left of it, by no other machine's clock. Wants Redis 5 or later, or Valkey.
 *
 * What does not open is {@link TokenError} `token_store_corrupt` and is never overwritten; `token_store_failed`, retryable, when
 * Redis cannot be reached or written. Throws {@link EverbearerError} `invalid_option`.
 *
 * @example
 * ```js
 * import { setTimeout } from 'node:timers/promises'
 * import { createClient } from 'redis'
 * import { clientCredentials, TokenManager } from 'everbearer'
 * import { redisTokenStore } from 'everbearer/redis'
 *
 * const redis = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true }).on('error', console.error)
 * await Promise.race([redis.connect(), setTimeout(2_000)]) // it goes on trying
 *
 * const tokens = new TokenManager(
 *   clientCredentials({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     clientId: process.env.CLIENT_ID,
 *     clientSecret: process.env.CLIENT_SECRET,
 *   }),
 *   { store: redisTokenStore(redis, { encryptionKey: process.env.TOKEN_KEY }) },
 * )
 * ```
 */
export function redisTokenStore(client: RedisClient, options: RedisTokenStoreOptions): TokenStore {
  const { encryptionKey, prefix = 'everbearer', clock = systemClock } = knownOptions(options, 'redisTokenStore', NAMES)
  checkClock(clock)
  // Braces would be taken for those that keep an identity's keys together in a cluster.
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) throw invalidOption('prefix', 'must be a text without braces')
  return new RedisTokenStore(scriptRunner(client), {
    encrypt: encryption('encryptionKey', encryptionKey),
    prefix,
    clock,
  })
}

class RedisTokenStore implements TokenStore {
  readonly #runScript: RunScript
  readonly #encryption: Encryption
  readonly #prefix: string
  readonly #clock: Clock
  readonly #seen = new SeenVersions()

  constructor(runScript: RunScript, { encrypt, prefix, clock }: { encrypt: Encryption; prefix: string; clock: Clock }) {
    this.#runScript = runScript
    this.#encryption = encrypt
    this.#prefix = prefix
    this.#clock = clock
  }

  async get(
    key: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<StoredValue | undefined> {
    const { signal } = readArguments(key, options)
    const names = this.#names(key)
    const reply = await this.#run(READ, [names.value], [String(this.#seen.of(names.value))], signal)
    const found = textsOf(reply, 5)
    if (found === undefined) return undefined
    const [encrypted, version, fence, ttl, pttl] = found as [string, string, string, string, string]
    const value = this.#opened(encrypted, boundName(names.value, version, fence, ttl))
    const left = timeLeft(pttl)
    this.#seen.add(names.value, Number(fence))
    return { value, version, age: Math.max(0, Number(ttl) - left) }
  }

  async compareAndSet(key: string, value: string | undefined, options: CompareAndSetOptions): Promise<boolean> {
    const { expectedVersion = '', fence, ...times } = writeArguments(key, value, options)
    const names = this.#names(key)
    const ttl = milliseconds(times.ttl)
    const version = randomUUID()
    const seen = this.#seen.of(names.value)
    // Above what this process has seen also where one lease writes twice, or somebody lowered the fence.
    const own = Math.max(fence, seen + 1)
    const args = [String(seen), String(fence), expectedVersion, version, ttl]
    if (value !== undefined) {
      const encrypted = this.#encryption.encrypt(value, boundName(names.value, version, String(own), ttl))
      checkStoredSize(encrypted)
      args.push(String(own), encrypted)
    }
    const isWritten = isDone(await this.#run(COMPARE_AND_SET, [names.value, names.fence], args))
    if (isWritten) this.#seen.add(names.value, own)
    return isWritten
  }

  async lease(
    key: string,
    ttl: number,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Lease | undefined> {
    const { signal } = leaseArguments(key, ttl, options)
    signal?.throwIfAborted()
    const { lease, fence, value } = this.#names(key)
    const owner = randomUUID()
    const times = [milliseconds(ttl), milliseconds(ttl + FENCE_KNOWN)]
    const hold = {
      renew: async () => isDone(await this.#run(RENEW, [lease, fence], [owner, ...times])),
      letGo: async () => void (await this.#run(RELEASE, [lease], [owner])),
    }
    const since = this.#clock.monotonic()
    const asked = this.#run(LEASE, [lease, fence], [owner, ...times, String(this.#seen.of(value))])
    const reply = await (signal ? abortable(asked, signal) : asked).catch((error: unknown) => {
      // Whoever gave up, or lost the answer, must not keep the others waiting. If it cannot be let go, it ends by itself.
      const letGo = () => hold.letGo()
      void asked.then(letGo, letGo).catch(() => undefined)
      throw error
    })
    if (!Array.isArray(reply)) return new RenewedLease(integerOf(reply), hold, { ttl, clock: this.#clock, since })
    const [holder, pttl] = textsOf(reply, 2) as [string, string]
    return this.#end(lease, holder, timeLeft(pttl), signal)
  }

  /** Resolves when the holder has its lease no more. */
  async #end(lease: string, holder: string, remaining: number, signal: AbortSignal | undefined): Promise<undefined> {
    let pause = LOOK_FIRST
    for (let left = remaining; left > 0; left = integerOf(await this.#run(LEFT, [lease], [holder], signal))) {
      const jitter = 1 + this.#clock.random() / 2
      await delay(this.#clock, Math.min(pause * jitter, left + jitter), { signal, keepAlive: false })
      pause = Math.min(LOOK_GROWTH * pause, MAX_LOOK_INTERVAL)
    }
  }

  async #run(script: string, keys: readonly string[], args: readonly string[], signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted()
    try {
      const reply = this.#runScript(script, keys, args)
      return await (signal ? abortable(reply, signal) : reply)
    } catch (error) {
      throw signal?.aborted ? signal.reason : redisFailure(error)
    }
  }

  #opened(encrypted: string, name: string): string {
    const { text, hasKey } = this.#encryption.open(encrypted, name)
    if (text !== undefined) return text
    throw corrupt(
      hasKey ? 'was changed, or is that of another key' : 'was sealed with a key that is not in encryptionKey',
    )
  }

  /** The braces keep them together in a cluster. */
  #names(key: string) {
    const name = `${this.#prefix}:{${createHash('sha256').update(key).digest('hex')}}`
    return { value: `${name}:value`, lease: `${name}:lease`, fence: `${name}:fence` }
  }
}

/** What a sealed value is bound to: nobody passes it off as another's, or as written with another ttl. */
function boundName(name: string, version: string, fence: string, ttl: string): string {
  return [name, version, fence, ttl].join(' ')
}

function timeLeft(pttl: string): number {
  const left = integerOf(pttl)
  // Only somebody else can have taken its end away.
  if (left < 0) throw corrupt('has no end any more')
  return left
}

/** As Redis takes them: whole, and with no exponent. */
function milliseconds(time: number): string {
  return String(Math.min(Math.ceil(time), Number.MAX_SAFE_INTEGER))
}

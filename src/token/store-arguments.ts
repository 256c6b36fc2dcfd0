import type { EverbearerError } from '../base/errors.js'
import { checkMilliseconds, checkSignal, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { CompareAndSetOptions } from './token-store.js'

interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined
}

const WRITE_OPTIONS: OptionNames<CompareAndSetOptions> = { expectedVersion: true, fence: true, ttl: true }

/** The arguments of `get`, as every store checks them. Throws {@link EverbearerError} `invalid_option`, as do all here. */
export function readArguments(key: string, options: StoreCallOptions, method = 'get') {
  checkKey(key)
  const { signal } = knownOptions(options, method, { signal: true })
  checkSignal(signal)
  return { signal }
}

/** Those of `compareAndSet`. */
export function writeArguments(
  key: string,
  value: string | undefined,
  options: CompareAndSetOptions,
): CompareAndSetOptions {
  checkKey(key)
  const { expectedVersion, fence, ttl } = knownOptions(options, 'compareAndSet', WRITE_OPTIONS)
  if (!isTextOrAbsent(value)) throw invalidOption('value', 'must be a text, or undefined')
  if (!isTextOrAbsent(expectedVersion)) throw invalidOption('expectedVersion', 'must be a text, or undefined')
  if (!Number.isSafeInteger(fence)) throw invalidOption('fence', "must be that of the writer's lease")
  checkMilliseconds('ttl', ttl)
  return { expectedVersion, fence, ttl }
}

/** Those of `lease`. */
export function leaseArguments(key: string, ttl: number, options: StoreCallOptions) {
  checkMilliseconds('ttl', ttl)
  return readArguments(key, options, 'lease')
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw invalidOption('key', 'must be a text')
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

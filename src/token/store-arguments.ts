import type { EverbearerError } from '../base/errors.js'
import { checkMilliseconds, checkSignal, invalidOption, ownOptions } from '../base/options.js'
import type { CompareAndSetOptions } from './token-store.js'

/** The arguments of `get`, as every store checks them. Throws {@link EverbearerError} `invalid_option`, as do all here. */
export function readArguments(key: string, options: { readonly signal?: AbortSignal | undefined }) {
  checkKey(key)
  const { signal } = ownOptions(options, 'a token store')
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
  const { expectedVersion, fence, ttl } = ownOptions(options, 'a token store')
  if (!isTextOrAbsent(value)) throw invalidOption('value', 'must be a text, or undefined')
  if (!isTextOrAbsent(expectedVersion)) throw invalidOption('expectedVersion', 'must be a text, or undefined')
  if (!Number.isSafeInteger(fence)) throw invalidOption('fence', "must be that of the writer's lease")
  checkMilliseconds('ttl', ttl)
  return { expectedVersion, fence, ttl }
}

/** Those of `lease`. */
export function leaseArguments(key: string, ttl: number, options: { readonly signal?: AbortSignal | undefined }) {
  checkMilliseconds('ttl', ttl)
  return readArguments(key, options)
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw invalidOption('key', 'must be a text')
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

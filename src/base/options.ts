import type { Clock } from './clock.js'
import { EverbearerError } from './errors.js'
import { ownMembers } from './own-members.js'

/** An error to throw, such as `invalidOption('timeout', 'must be a number of milliseconds above 0')`. */
export function invalidOption(option: string, what: string): EverbearerError {
  return new EverbearerError('invalid_option', `Option \`${option}\` ${what}.`)
}

/** The options as they are read: their own members alone. Throws {@link EverbearerError} `invalid_option`. */
export function ownOptions<T extends object>(options: T, whose: string): T {
  if (isObject(options)) return ownMembers(options)
  throw new EverbearerError('invalid_option', `The options of ${whose} must be an object.`)
}

/**
 * The same where a misspelt option would silently change what comes back, such as a filter that is none: no other names
 * are taken. Throws {@link EverbearerError} `invalid_option`.
 */
export function knownOptions<T extends object>(
  options: T,
  whose: string,
  names: Readonly<Record<keyof T, unknown>>,
): T {
  const own = ownOptions(options, whose)
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || Object.hasOwn(names, name)) continue
    throw invalidOption(name, `is none of ${whose}, which takes ${Object.keys(names).join(', ')}`)
  }
  return own
}

/** Throws {@link EverbearerError} `invalid_option`, as do all below; what is absent is fine. */
export function checkClock(clock: Clock | undefined): void {
  checkMethods('clock', clock, ['now', 'monotonic', 'setTimeout', 'random'])
}

/** Not by its class, because a project may have several copies of undici. Everything is sent through `dispatch`. */
export function checkDispatcher(dispatcher: object | undefined): void {
  checkMethods('dispatcher', dispatcher, ['dispatch'])
}

export function checkSignal(signal: AbortSignal | undefined): void {
  checkMethods('signal', signal, ['throwIfAborted', 'addEventListener'])
}

export function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(option, 'must be a function')
}

export function checkMilliseconds(option: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0)) {
    throw invalidOption(option, 'must be a number of milliseconds above 0')
  }
}

/** An empty text often counts for none at all on the other side. */
export function checkText(option: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'string' || value === '')) throw invalidOption(option, 'must be a text')
}

/** A word such as 'false' counts for true in JavaScript. */
export function checkBoolean(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidOption(option, 'must be true or false')
}

/** What something is, for callers without types: by what it can do. */
export function checkMethods(option: string, value: object | undefined, methods: readonly string[]): void {
  if (value === undefined) return
  const has = (method: string) => typeof (value as Record<string, unknown>)[method] === 'function'
  if (isObject(value) && methods.every(has)) return
  throw invalidOption(option, `must be an object with the methods ${methods.join(', ')}`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

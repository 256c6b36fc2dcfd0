import type { Clock } from './clock.js'
import { EverbearerError } from './errors.js'
import { nearestName } from './nearest-name.js'
import { ownMembers } from './own-members.js'

const MAX_NAME = 80
const UNPRINTABLE = /(?! )[\p{C}\p{Z}]/gu

/** An error to throw, such as `invalidOption('timeout', 'must be a number of milliseconds above 0')`. */
export function invalidOption(option: string, what: string): EverbearerError {
  return new EverbearerError('invalid_option', `Option \`${option}\` ${what}.`)
}

/**
 * How options may be given, one row for each: `defined` ones must have a value if they are there, since a variable that
 * is not set must not turn protection off. `ignored` ones come along when another object is spread.
 */
export type OptionNames<Options> = Readonly<Record<NameIn<Options>, true | 'defined' | 'ignored'>>

/** Of a union, the names in any of its members. */
export type NameIn<Options> = Options extends unknown ? Extract<keyof Options, string> : never

/** The options as they are read: their own members alone. Throws {@link EverbearerError} `invalid_option`. */
export function ownOptions<T extends object>(options: T, whose: string): T {
  if (isObject(options)) return ownMembers(options)
  throw new EverbearerError('invalid_option', `The options of ${whose} must be an object.`)
}

/**
 * Reads options and rejects names that are not in the table, also with the value undefined: a misspelt option would
 * silently be its default. Throws {@link EverbearerError} `invalid_option`.
 */
export function knownOptions<T extends object>(
  options: T,
  whose: string,
  names: Readonly<Record<NameIn<T>, unknown>>,
): T {
  const own = ownOptions(options, whose) as T & Readonly<Record<string, unknown>>
  const known: Readonly<Record<string, unknown>> = names
  // Members that are not enumerable are read too.
  for (const name of Object.getOwnPropertyNames(own)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(name, whose, known)
    if (known[name] === 'defined') checkDefined(name, own[name])
  }
  return own
}

/** Values that replace defaults. */
export type Overrides<Defaults> = { readonly [Name in keyof Defaults]?: Defaults[Name] | undefined }

/** Returns the defaults with what is given in their place. Throws {@link EverbearerError} `invalid_option`. */
export function overridden<T extends object>(defaults: T, given: Overrides<T>, whose: string): T {
  const names = defaults as Readonly<Record<NameIn<T>, unknown>>
  return { ...defaults, ...definedOptions(knownOptions(given, whose, names)) }
}

/** Returns the options that are not undefined: an option that is undefined was not given. */
export function definedOptions<T extends object>(options: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }
}

/** Throws {@link EverbearerError} `invalid_option` for what comes of a variable that is not set. */
export function checkDefined(option: string, value: unknown): void {
  if (value !== undefined) return
  throw invalidOption(option, 'is undefined: the variable that it comes from may be unset. Set it, or omit the option')
}

function unknownOption(name: string, whose: string, known: Readonly<Record<string, unknown>>): EverbearerError {
  const names = Object.keys(known).filter((one) => known[one] !== 'ignored')
  const nearest = nearestName(name, names)
  const advice = nearest === undefined ? `Its options are ${names.join(', ')}.` : `Did you mean \`${nearest}\`?`
  const shown = name.slice(0, MAX_NAME).replaceAll(UNPRINTABLE, '\u{FFFD}')
  return new EverbearerError('invalid_option', `Unknown option \`${shown}\` in ${whose}. ${advice}`)
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

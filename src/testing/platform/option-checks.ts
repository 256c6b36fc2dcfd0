import { inspect } from 'node:util'
import { EverbearerError } from '../../base/errors.js'
import { parseUrl } from '../../base/parse-url.js'

/** Throws `invalid_option` unless the value is a whole number in the range. */
export function wholeNumber(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw invalid(`${name} must be a whole number from ${low} to ${high}, not ${shown(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a number in the range. */
export function range(name: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw invalid(`${name} must be a number from ${low} to ${high}, not ${shown(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a list of strings. */
export function stringList(name: string, value: readonly string[]): void {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw invalid(`${name} must be a list of strings, not ${shown(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a list of absolute URIs. */
export function uriList(name: string, value: readonly string[]): void {
  stringList(name, value)
  const wrong = value.find((uri) => parseUrl(uri) === undefined)
  if (wrong !== undefined) throw invalid(`${name} must be absolute URIs, not ${shown(wrong)}`)
}

/** Throws `invalid_option` unless the value is a list of objects. */
export function objectList(name: string, value: readonly object[]): void {
  const isObject = (item: unknown) => typeof item === 'object' && item !== null
  // Not `value.every`, which passes holes over.
  if (!Array.isArray(value) || !Array.from<unknown>(value).every(isObject)) {
    throw invalid(`${name} must be a list of objects, not ${shown(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a string that is not empty. */
export function text(name: string, value: string): void {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} must be a string that is not empty`)
}

/** Throws `invalid_option` unless the value is one of these. */
export function oneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) throw invalid(`${name} must be one of ${known.join(', ')}, not ${shown(value)}`)
}

/** `String` would throw for what has no text. */
function shown(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 100, breakLength: Infinity, customInspect: false })
}

/** An `invalid_option` to throw. */
export function invalid(message: string): EverbearerError {
  return new EverbearerError('invalid_option', message)
}

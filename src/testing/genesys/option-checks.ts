import { EverbearerError } from '../../base/errors.js'

/** Throws `invalid_option` unless the value is a whole number in the range. */
export function wholeNumber(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw invalid(`${name} must be a whole number from ${low} to ${high}, not ${String(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a number in the range. */
export function range(name: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw invalid(`${name} must be a number from ${low} to ${high}, not ${String(value)}`)
  }
}

/** Throws `invalid_option` unless the value is a list of strings. */
export function stringList(name: string, value: readonly string[]): void {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw invalid(`${name} must be a list of strings, not ${String(value)}`)
  }
}

/** An `invalid_option` to throw. */
export function invalid(message: string): EverbearerError {
  return new EverbearerError('invalid_option', message)
}

import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/**
 * A value as JSON says it now: what its owner changes later does not reach requests that are still to come. Throws
 * {@link EverbearerError} `invalid_option` for what JSON cannot say, such as a circle.
 */
export function jsonCopy<T>(option: string, value: T): T {
  if (value === undefined) return value
  try {
    return JSON.parse(JSON.stringify(value)) as T
  } catch {
    throw invalidOption(option, 'must be what JSON can say')
  }
}

/** The same for a list of objects, which is told from all else. */
export function jsonRecords<T extends object>(
  option: string,
  list: readonly T[] | undefined,
): readonly T[] | undefined {
  const isRecord = (item: unknown) => typeof item === 'object' && item !== null
  // Not `list.every`, which passes holes over.
  if (list === undefined || (Array.isArray(list) && Array.from<unknown>(list).every(isRecord))) {
    return jsonCopy(option, list)
  }
  throw invalidOption(option, 'must be a list of objects')
}

/** The same for one object. A Map would pass for one without members. */
export function jsonRecord<T extends object>(option: string, value: T | undefined): T | undefined {
  if (value === undefined || Object.prototype.toString.call(value) === '[object Object]') return jsonCopy(option, value)
  throw invalidOption(option, 'must be a plain object')
}

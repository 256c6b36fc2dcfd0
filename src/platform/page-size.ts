import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/** A page size within the limit. Throws {@link EverbearerError} `invalid_option`. */
export function checkedPageSize(pageSize: number, most: number): number {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= most) return pageSize
  throw invalidOption('pageSize', `must be a whole number from 1 to ${most}`)
}

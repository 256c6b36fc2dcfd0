import { EverbearerError } from '../base/errors.js'

/** A page size within the limit. Throws {@link EverbearerError} `invalid_option`. */
export function checkedPageSize(pageSize: number, most: number): number {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= most) return pageSize
  throw new EverbearerError(
    'invalid_option',
    `Option \`pageSize\` must be a whole number from 1 to ${most}, not ${pageSize}.`,
  )
}

import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/**
 * A list with commas, as the official SDK sends it; of nothing, undefined. An empty text in it would count for no
 * restriction at all. Throws {@link EverbearerError} `invalid_option`.
 */
export function commaList(option: string, list: readonly string[] | undefined): string | undefined {
  if (list === undefined) return undefined
  // Not `list.every`, which passes holes over.
  if (!Array.isArray(list) || !Array.from<unknown>(list).every((item) => typeof item === 'string' && item !== '')) {
    throw invalidOption(option, 'must be a list of texts')
  }
  return list.length === 0 ? undefined : list.join(',')
}

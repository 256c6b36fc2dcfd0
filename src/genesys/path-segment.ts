import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/**
 * An id as one segment of a path, encoded. Without one, or with dots in its place, the path would be that of another
 * endpoint, and a half of a surrogate pair cannot be encoded. Throws {@link EverbearerError} `invalid_option`.
 */
export function pathSegment(option: string, id: string): string {
  const fits = typeof id === 'string' && !/^\.{0,2}$|\p{Surrogate}/u.test(id)
  if (fits) return encodeURIComponent(id)
  throw invalidOption(option, 'must be an id: a text, not empty, and no dots alone')
}

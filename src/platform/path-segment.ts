import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/**
 * Whether a text can be one segment of a path. Without one, or with dots in its place, the path would be that of another
 * endpoint, and a half of a surrogate pair cannot be encoded.
 */
export function isPathSegment(id: unknown): id is string {
  return typeof id === 'string' && !/^\.{0,2}$|\p{Surrogate}/u.test(id)
}

/** An id as one segment of a path, encoded. Throws {@link EverbearerError} `invalid_option`. */
export function pathSegment(option: string, id: string): string {
  if (isPathSegment(id)) return encodeURIComponent(id)
  throw invalidOption(option, 'must be an id: a text, not empty, and no dots alone')
}

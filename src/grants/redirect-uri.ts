import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'

/** RFC 6749 section 3.1.2; an app's own scheme may do. Throws {@link EverbearerError} `invalid_option`. */
export function checkRedirectUri(redirectUri: unknown): asserts redirectUri is string {
  const isAbsolute = typeof redirectUri === 'string' && parseUrl(redirectUri) !== undefined
  if (isAbsolute && !redirectUri.includes('#')) return
  throw invalidOption('redirectUri', 'must be an absolute URI without a fragment, exactly as it is registered')
}

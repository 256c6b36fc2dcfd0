import { EverbearerError } from '../base/errors.js'
import { parseUrl } from '../base/parse-url.js'

/** Query parameters; a list is sent as a repeated one, what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/**
 * The URL of a path of an API, with a query. A path, or a link that an API answered with, may not lead to another
 * origin: `//elsewhere/x` and `https://elsewhere/x` would take the token along (CVE-2025-27152).
 *
 * Throws {@link EverbearerError} `unsafe_link`.
 */
export function resolvePath(path: string, query: Query | undefined, origin: string): URL {
  const url = parseUrl(path, origin)
  // Not by `url.origin`, which a `blob:` URL shares, and which leaves a user name out.
  if (!url?.href.startsWith(`${origin}/`)) {
    throw new EverbearerError(
      'unsafe_link',
      `The path does not lead to ${origin}: only paths of this API are requested.`,
    )
  }
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(item))
  }
  return url
}

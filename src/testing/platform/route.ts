import type { LiveToken } from './live-tokens.js'
import type { Arrival } from './refusal.js'

/** An API request whose token is good. */
export interface ApiCall<Owner> extends Arrival {
  readonly token: LiveToken<Owner>
  /** What stands in the path where the route has a place for it. */
  readonly parameter: string
}

/** An endpoint, as it is found by a request. */
export interface Route<Owner> {
  readonly method: string
  /** With at most one `{}`, which stands for anything but a slash. */
  readonly path: string
  /** Any one of them opens it; none are asked for by default. */
  readonly permissions?: readonly string[] | undefined
  /** Whether a call leaves the token's idle timer alone. By default none does. */
  readonly preservesIdleTime?: ((url: URL) => boolean) | undefined
  readonly response: (call: ApiCall<Owner>) => Response | Promise<Response>
}

/** What stands in the place of `{}`, an empty string when there is no such place, undefined when the path is another. */
export function parameterOf(route: { readonly path: string }, path: string): string | undefined {
  const [before = '', after] = route.path.split('{}')
  if (after === undefined) return path === route.path ? '' : undefined
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined
  const parameter = path.slice(before.length, path.length - after.length)
  return parameter === '' || parameter.includes('/') ? undefined : parameter
}

/** A cache stores no response to these, and must see them to drop what they change (RFC 9111 section 4.4). */
const UNSAFE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Whether a cache may store the response to a request with this method. */
export function isStorable(method: string): boolean {
  return !UNSAFE.has(method)
}

/**
 * A request's `Cache-Control` with `no-store`, which undici's cache takes as an order neither to store the response nor to
 * serve a stored one. `no-store` comes first, because a quote that is never closed would swallow what comes behind it.
 */
export function withNoStore(given: string): string {
  if (given === '') return 'no-store'
  return /^\s*no-store\s*(,|$)/i.test(given) ? given : `no-store, ${given}`
}

/** The same without the `no-store` that {@link withNoStore} added; undefined if nothing else is left. */
export function withoutNoStore(stamped: string): string | undefined {
  return stamped === 'no-store' ? undefined : stamped.slice('no-store, '.length)
}

/**
 * Marks dispatch options whose `no-store` was added because of a token, and not by the caller: a cache that keeps each
 * token's responses apart may take it away. False if the caller had forbidden it too.
 */
export const NO_STORE_ADDED: unique symbol = Symbol.for('everbearer.noStoreAdded') as never

/** Dispatch options that may carry {@link NO_STORE_ADDED}. */
export interface NoStoreOption {
  [NO_STORE_ADDED]?: boolean
}

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
  if (/^\s*no-store\s*(,|$)/i.test(given)) return given
  return given === '' ? 'no-store' : `no-store, ${given}`
}

/** The same without the `no-store` that {@link withNoStore} added; undefined if nothing else is left. */
export function withoutNoStore(stamped: string): string | undefined {
  return stamped === 'no-store' ? undefined : stamped.slice('no-store, '.length)
}

import type { Dispatcher } from 'undici'

/**
 * A copy of dispatch options with the origin that was checked. The caller may change its objects for its next request while
 * this one waits for a token or a replay, and an object or a getter may answer otherwise the next time it is asked.
 * Headers are copied when they are stamped.
 */
export function frozenOptions<Options extends Dispatcher.DispatchOptions>(
  given: Options,
  origin: string,
  method: Options['method'],
): Options {
  const options = { ...given }
  options.origin = origin
  options.method = method
  if (options.query) options.query = copyOf(options.query)
  return options
}

function copyOf(query: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(query)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? [...(value as unknown[])] : value]),
  )
}

import type { Dispatcher } from 'undici'

/**
 * Dispatch options without the objects that decide where the request goes and that its caller may change for the next
 * one, while this one waits for a token or for being sent again. Headers are copied when they are stamped.
 */
export function settledOptions<Options extends Dispatcher.DispatchOptions>(options: Options): Options {
  const { origin, query } = options
  if (typeof origin !== 'object' && !query) return options
  return { ...options, origin: String(origin), ...(query && { query: copyOf(query) }) }
}

function copyOf(query: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(query)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? [...(value as unknown[])] : value]),
  )
}

import { isDeepStrictEqual } from 'node:util'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'

/**
 * Whether a dispatcher is an Agent with no options and no interceptors, as undici makes its global one. Then a connection of
 * our own bypasses no network settings of the process.
 */
export function isDefaultAgent(dispatcher: Dispatcher): boolean {
  // A composed dispatcher is a Proxy that shows the members of what it wraps, except `dispatch`.
  if (Object.getPrototypeOf(dispatcher) !== Agent.prototype) return false
  if (dispatcher.dispatch !== Agent.prototype.dispatch) return false
  const plain = settings(new Agent())
  return plain.every((setting) => setting !== undefined) && isDeepStrictEqual(settings(dispatcher), plain)
}

/** undici keeps them under symbols of its own. If they are not found, no Agent counts as a default one. */
function settings(agent: Dispatcher): unknown[] {
  const symbols = Object.getOwnPropertySymbols(agent)
  return ['options', 'factory'].map((name) => {
    const symbol = symbols.find(({ description }) => description === name)
    return symbol && (agent as unknown as Record<symbol, unknown>)[symbol]
  })
}

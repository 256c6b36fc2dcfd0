import { isDeepStrictEqual } from 'node:util'

import { Agent } from 'undici'

/**
 * Tells whether a dispatcher is the Agent that undici, or Node's built-in undici, uses if nothing was set: one without
 * options, interceptors or a `dispatch` of its own. In doubt it is not, because a dispatcher that was set is never
 * bypassed.
 *
 * An Agent keeps its options and the maker of its connections under symbols of these descriptions in undici 6, 7 and 8.
 */
export function isDefaultAgent(dispatcher: unknown): dispatcher is object {
  if (typeof dispatcher !== 'object' || dispatcher === null) return false
  const { dispatch, constructor: Class } = dispatcher as { dispatch: unknown; constructor: new () => object }
  const options = memberOf(dispatcher, 'options')
  const factory = memberOf(dispatcher, 'factory')
  // A class that extends Agent is one level deeper, and is never constructed here. The constructor of Agent opens nothing.
  if (!options || !factory || depthOf(dispatcher) !== depthOf(Agent.prototype) + 1) return false
  const fresh = new Class() as { dispatch: unknown }
  return (
    dispatch === fresh.dispatch &&
    factory === memberOf(fresh, 'factory') &&
    isDeepStrictEqual(options, memberOf(fresh, 'options'))
  )
}

function memberOf(owner: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(owner).find((symbol) => symbol.description === description)
  return symbol && (owner as Record<symbol, unknown>)[symbol]
}

function depthOf(value: object): number {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null ? 0 : 1 + depthOf(prototype)
}

import { getGlobalDispatcher } from 'undici'

import { isDefaultAgent } from './default-agent.js'

/** undici 6 and 7 read the first. undici 8 reads the second, and writes a wrapper for older copies to the first. */
const FIRST = Symbol.for('undici.globalDispatcher.1')
const SECOND = Symbol.for('undici.globalDispatcher.2')

/** The last choice, because it compares options. */
let last: { first: unknown; second: unknown; chosen: unknown } | undefined

/**
 * Returns the dispatcher that the process set, through whichever copy of undici. It may be of another copy, or unusable.
 * If nothing was set, returns the default Agent of a copy.
 */
export function globalDispatcher(): unknown {
  const { [FIRST]: first, [SECOND]: second } = globalThis as { [FIRST]?: unknown; [SECOND]?: unknown }
  if (last === undefined || last.first !== first || last.second !== second) {
    last = { first, second, chosen: choose(first, second) }
  }
  return last.chosen
}

/**
 * undici 6, and 7 before 7.28, write the first place only; undici 8.0 writes the second only. If both hold a dispatcher
 * that was set, the first is newer, unless it is the wrapper of undici 8, which would keep requests from HTTP/2.
 */
function choose(first: unknown, second: unknown): unknown {
  // Where globalThis is frozen, undici 8 keeps its dispatcher to itself.
  if (first === undefined) return second ?? getGlobalDispatcher()
  if (second === undefined || second === first) return first
  if (isDefaultAgent(second)) return isWrapper(first) && isWrapperOf(first, second) ? second : first
  return isDefaultAgent(first) || isWrapper(first) ? second : first
}

/**
 * Knows the `Dispatcher1Wrapper` of any undici 8 by a method of its class, because a minifier changes class names. One
 * with interceptors has another `dispatch`, and was set itself.
 */
function isWrapper(dispatcher: unknown): dispatcher is Wrapper {
  const { dispatch, constructor: Class } = Object(dispatcher) as Partial<Wrapper>
  return typeof Class?.wrapHandler === 'function' && dispatch === Class.prototype.dispatch
}

interface Wrapper {
  constructor: { wrapHandler: unknown; prototype: Wrapper }
  dispatch(options: object, handler: null): unknown
}

/**
 * Tells whether a wrapper sends through this default Agent. It reads the Agent's `dispatch`, and then rejects the handler,
 * so nothing is sent.
 */
function isWrapperOf(wrapper: Wrapper, agent: object): boolean {
  let isRead = false
  const get = () => void (isRead = true)
  Object.defineProperty(agent, 'dispatch', { configurable: true, get })
  try {
    wrapper.dispatch({}, null)
    return false
  } catch {
    return isRead
  } finally {
    Reflect.deleteProperty(agent, 'dispatch')
  }
}

import type { Dispatcher } from 'undici'

import { isDefaultAgent } from './default-agent.js'
import { EverbearerError } from './errors.js'
import { asPeerDispatcher } from './foreign-dispatcher.js'
import { globalDispatcher } from './global-dispatcher.js'
import { warnOfUnusedProxy } from './unused-proxy.js'

/**
 * Marks a dispatch as one that is never stamped: a manager's own token request, for which a global dispatcher with a bearer
 * interceptor in it would wait for the token that is being fetched, or a download whose address is signed.
 */
export const TOKEN_REQUEST: unique symbol = Symbol.for('everbearer.tokenRequest') as never

/**
 * Returns the dispatcher for a request: the given one, or the process's global one. Either may belong to any copy of
 * undici. Look it up for each request, so that a proxy or a mock that is set later counts.
 *
 * @throws {@link EverbearerError} `unsupported_dispatcher` if the global one has no `dispatch`: it is never bypassed.
 */
export function dispatcherFor(given: object | undefined): Dispatcher {
  const chosen = given ?? globalDispatcher()
  if (!canDispatch(chosen)) {
    throw new EverbearerError(
      'unsupported_dispatcher',
      'The request was not sent: the global dispatcher of undici has no method `dispatch`. Call `setGlobalDispatcher` with a dispatcher of undici.',
    )
  }
  if (given === undefined) warnOfUnusedProxy(chosen)
  return asPeerDispatcher(chosen)
}

/** Tells whether the process set a global dispatcher. If not, the default Agent of a copy of undici is there. */
export function isGlobalDispatcherSet(): boolean {
  return !isDefaultAgent(globalDispatcher())
}

function canDispatch(dispatcher: unknown): dispatcher is Dispatcher {
  return typeof (dispatcher as Partial<Dispatcher> | null | undefined)?.dispatch === 'function'
}

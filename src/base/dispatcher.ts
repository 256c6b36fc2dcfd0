import * as undici from 'undici'
import type { Dispatcher } from 'undici'

import { isDefaultAgent } from './default-agent.js'
import { EverbearerError } from './errors.js'
import { asPeerDispatcher } from './foreign-dispatcher.js'
import { warnOfUnusedProxy } from './unused-proxy.js'

/**
 * Marks a dispatch as one that is never stamped: a manager's own token request, for which a global dispatcher with a bearer
 * interceptor in it would wait for the token that is being fetched, or a download whose address is signed.
 */
export const TOKEN_REQUEST: unique symbol = Symbol.for('everbearer.tokenRequest') as never

/** Where every copy of undici writes the dispatcher that was set: 6, 7, 8 and the ones that Node bundles. */
const NEWEST = Symbol.for('undici.globalDispatcher.1')

/** What `setGlobalDispatcher` of undici 8 puts there, around its own dispatcher. undici 7 has no such class. */
const { Dispatcher1Wrapper } = undici as { Dispatcher1Wrapper?: typeof Dispatcher }

/**
 * Returns the dispatcher for a request: the given one, or the process's global one. Either may belong to any copy of
 * undici. Look it up for each request, so that a proxy or a mock that is set later counts.
 *
 * @throws {@link EverbearerError} `unsupported_dispatcher` if the global one has no `dispatch`: it is never bypassed.
 */
export function dispatcherFor(given: object | undefined): Dispatcher {
  const chosen = given ?? globalDispatcher()
  if (canDispatch(chosen)) return asPeerDispatcher(chosen)
  throw new EverbearerError(
    'unsupported_dispatcher',
    'The request was not sent: the global dispatcher of undici has no method `dispatch`. Call `setGlobalDispatcher` with a dispatcher of undici.',
  )
}

/**
 * The dispatcher that was set last. undici 6, and 7 before 7.28, write one place only, which undici 8 does not read. With
 * undici 8 that place mostly holds a wrapper of its own dispatcher, which would keep requests from HTTP/2.
 */
function globalDispatcher(): object {
  const own = undici.getGlobalDispatcher()
  const newest = (globalThis as { [NEWEST]?: Partial<Dispatcher> })[NEWEST] ?? own
  const isOwn = newest === own || newest.dispatch === Dispatcher1Wrapper?.prototype.dispatch
  const chosen = isOwn ? own : newest
  warnOfUnusedProxy(chosen)
  return chosen
}

/** Tells whether the process set a global dispatcher. If not, undici's own default Agent is there, without a proxy. */
export function isGlobalDispatcherSet(): boolean {
  return !isDefaultAgent(globalDispatcher())
}

function canDispatch(dispatcher: object): dispatcher is Dispatcher {
  return typeof (dispatcher as Partial<Dispatcher> | null)?.dispatch === 'function'
}

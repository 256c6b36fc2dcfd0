import { Agent, Dispatcher, getGlobalDispatcher } from 'undici'

/**
 * Marks a dispatch as one that is never stamped: a manager's own token request, for which a global dispatcher with a bearer
 * interceptor in it would wait for the token that is being fetched, or a download whose address is signed.
 */
export const TOKEN_REQUEST: unique symbol = Symbol.for('everbearer.tokenRequest') as never

let ownAgent: Agent | undefined

/**
 * undici's global dispatcher, looked up anew each time so that a proxy or a mock set later counts. Where Node 20's or
 * 22's built-in fetch was touched first it left the undici 6 that is bundled with Node there, whose handlers are not
 * those of undici 7 and 8: then an Agent of our own.
 */
export function defaultDispatcher(): Dispatcher {
  const dispatcher = getGlobalDispatcher()
  return dispatcher instanceof Dispatcher ? dispatcher : (ownAgent ??= new Agent())
}

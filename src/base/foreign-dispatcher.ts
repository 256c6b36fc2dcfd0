import { Dispatcher } from 'undici'

import { TwoWayHandler } from './two-way-handler.js'

/** One for each foreign dispatcher, so that interceptors are composed on it once. */
const adapted = new WeakMap<object, Dispatcher>()

/**
 * Returns a dispatcher with the `request` and `compose` of the undici beside everbearer, which sends through the given
 * one. A dispatcher of that undici is returned as it is. One of another copy may lack both methods (Node 22.12), and may
 * call its handlers in the way of undici 6, or in the way of undici 8 only.
 */
export function asPeerDispatcher(given: Dispatcher): Dispatcher {
  // By its method, which survives a minifier and another realm. A wrong no would only cost a wrapper.
  if (given.request === Dispatcher.prototype.request) return given
  let dispatcher = adapted.get(given)
  if (dispatcher === undefined) {
    // undici 7 hands an interceptor a handler of the new kind, whichever kind it was given.
    dispatcher = new Dispatcher().compose(
      () => (options, handler) => given.dispatch(options, new TwoWayHandler(handler)),
    )
    adapted.set(given, dispatcher)
  }
  return dispatcher
}

import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import * as undici from 'undici'

type Interceptor = Dispatcher.DispatcherComposeInterceptor

const open = new Set<Dispatcher>()

/** An Agent of its own with these interceptors, the innermost first, ended by {@link closeAgents}. */
export function agent(...interceptors: Interceptor[]): Dispatcher {
  return agentWith({}, ...interceptors)
}

export function agentWith(options: Agent.Options, ...interceptors: Interceptor[]): Dispatcher {
  return kept(new Agent(options)).compose(...interceptors)
}

export function kept<D extends Dispatcher>(dispatcher: D): D {
  open.add(dispatcher)
  return dispatcher
}

/** For `afterEach`. */
export async function closeAgents(): Promise<void> {
  const all = [...open]
  open.clear()
  await Promise.all(all.map((dispatcher) => dispatcher.destroy()))
}

/**
 * The built-in fetch with a dispatcher of the installed undici. Older Nodes' fetch speaks the handler interface that
 * undici 8 has given up: undici 8 brings a wrapper for that.
 */
export function builtInFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
  const { Dispatcher1Wrapper } = undici as unknown as { Dispatcher1Wrapper?: new (inner: Dispatcher) => Dispatcher }
  const wrapped = Dispatcher1Wrapper ? new Dispatcher1Wrapper(dispatcher) : dispatcher
  return (input, init) => globalThis.fetch(input, { ...init, dispatcher: wrapped as never })
}

export function undiciFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
  return ((input: never, init: object) => undici.fetch(input, { ...init, dispatcher })) as never
}

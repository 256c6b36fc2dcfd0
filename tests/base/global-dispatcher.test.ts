import { afterEach, describe, expect, it } from '@jest/globals'
import { Agent, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici'
import type { Dispatcher } from 'undici'
import * as undici from 'undici'
import { globalDispatcher } from '../../src/base/global-dispatcher.js'
import { isGlobalDispatcherSet } from '../../src/base/dispatcher.js'
import { copy, older } from './other-undici.js'
import { runSource } from './run-source.js'

const FIRST = Symbol.for('undici.globalDispatcher.1')
const SECOND = Symbol.for('undici.globalDispatcher.2')
const original = getGlobalDispatcher()
const open: Dispatcher[] = []
afterEach(async () => {
  setGlobalDispatcher(original)
  await Promise.all(open.splice(0).map((dispatcher) => dispatcher.close()))
})

function kept<D extends Dispatcher>(dispatcher: D): D {
  open.push(dispatcher)
  return dispatcher
}

function put(first: unknown, second: unknown): void {
  Object.assign(globalThis, { [FIRST]: first, [SECOND]: second })
}

/** What undici 8 writes for older copies. undici 7 has no such class. */
class OwnWrapper {
  readonly #dispatcher: { dispatch(options: object, handler: object): unknown }
  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }
  static wrapHandler(handler: object | null): object {
    if (handler === null) throw new TypeError('handler must be an object')
    return handler
  }
  dispatch(options: object, handler: object): unknown {
    return this.#dispatcher.dispatch({ ...options, allowH2: false }, OwnWrapper.wrapHandler(handler))
  }
}
const { Dispatcher1Wrapper: Wrapper = OwnWrapper } = undici as unknown as { Dispatcher1Wrapper?: typeof OwnWrapper }

describe('globalDispatcher', () => {
  it('is the default Agent of another copy of undici, and not the wrapper around it', () => {
    const agent = kept(new copy.Agent())
    copy.setGlobalDispatcher(agent)
    expect(globalDispatcher()).toBe(agent)
    expect(isGlobalDispatcherSet()).toBe(false)
  })

  it.each([
    ['of another copy', () => new copy.MockAgent()],
    ['of the installed undici', () => new MockAgent()],
    ['with interceptors', () => new Agent().compose((dispatch) => (options, handler) => dispatch(options, handler))],
    ['with an option', () => new Agent({ connections: 1 })],
  ])('is the dispatcher that undici 8 set, and not the wrapper around it: %s', (_which, make) => {
    const dispatcher = kept(make())
    put(new Wrapper(dispatcher), dispatcher)
    expect(globalDispatcher()).toBe(dispatcher)
    expect(isGlobalDispatcherSet()).toBe(true)
  })

  it('is a wrapper that was set itself, because it may lead to another dispatcher than the default Agent beside it', () => {
    const mock = kept(new MockAgent())
    mock.disableNetConnect()
    const agent = kept(new Agent())
    const wrapper = new Wrapper(mock)
    put(wrapper, agent)
    expect(globalDispatcher()).toBe(wrapper)
    expect(isGlobalDispatcherSet()).toBe(true)
  })

  it('leaves the default Agent as it was after it looked whether a wrapper leads to it', () => {
    const agent = kept(new Agent())
    put(new Wrapper(agent), agent)
    expect(globalDispatcher()).toBe(agent)
    expect(Object.hasOwn(agent, 'dispatch')).toBe(false)
    expect(isGlobalDispatcherSet()).toBe(false)
  })

  it('is what undici 8.0 set, which writes the second place only [R46]', () => {
    for (const agent of [kept(new Agent()), kept(new older.Agent())]) {
      const mock = kept(new copy.MockAgent())
      put(agent, mock)
      expect(globalDispatcher()).toBe(mock)
      put(undefined, mock)
      expect(globalDispatcher()).toBe(mock)
    }
  })

  it('is what undici 6 set, although another dispatcher was set before through undici 8', () => {
    const [mock, proxy] = [kept(new older.MockAgent()), kept(new copy.ProxyAgent('http://127.0.0.1:9'))]
    put(new Wrapper(proxy), proxy)
    older.setGlobalDispatcher(mock)
    expect(globalDispatcher()).toBe(mock)
  })

  it('stays the set one if undici 6 puts a default Agent beside it', () => {
    const proxy = kept(new copy.ProxyAgent('http://127.0.0.1:9'))
    put(kept(new older.Agent()), proxy)
    expect(globalDispatcher()).toBe(proxy)
  })

  // undici 7 does not load there.
  const onUndici8 = 'Dispatcher1Wrapper' in undici ? it : it.skip
  onUndici8('is the one of the installed undici if nothing can be written to globalThis', async () => {
    const output = await runSource(
      `import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
       import { globalDispatcher } from './src/base/global-dispatcher.js'
       setGlobalDispatcher(new Agent({ connections: 1 }))
       console.log(globalDispatcher() === getGlobalDispatcher(), typeof globalDispatcher())`,
      { nodeArguments: ['--import', 'data:text/javascript,Object.preventExtensions(globalThis)'] },
    )
    expect(output).toBe('true object\n')
  })
})

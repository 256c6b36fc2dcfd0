import { afterEach, describe, expect, it } from '@jest/globals'
import { Agent, Dispatcher, RetryAgent } from 'undici'
import { asPeerDispatcher } from '../../src/base/foreign-dispatcher.js'
import { copy, older } from './other-undici.js'

const open: Dispatcher[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((dispatcher) => dispatcher.destroy()))
})

function kept<D extends Dispatcher>(dispatcher: D): D {
  open.push(dispatcher)
  return dispatcher
}

describe('asPeerDispatcher', () => {
  it('returns a dispatcher of the installed undici as it is, with interceptors or as a class of its own', () => {
    class OwnAgent extends Agent {}
    const agent = kept(new Agent())
    const composed = agent.compose((dispatch) => (options, handler) => dispatch(options, handler))
    for (const dispatcher of [agent, composed, kept(new OwnAgent()), new RetryAgent(agent)]) {
      expect(asPeerDispatcher(dispatcher)).toBe(dispatcher)
    }
  })

  it('wraps a dispatcher of another copy once, so that interceptors are composed on it once', () => {
    for (const { Agent: OtherAgent } of [older, copy]) {
      const [one, two] = [kept(new OtherAgent()), kept(new OtherAgent())]
      expect(asPeerDispatcher(one)).toBeInstanceOf(Dispatcher)
      expect(asPeerDispatcher(one)).toBe(asPeerDispatcher(one))
      expect(asPeerDispatcher(one)).not.toBe(asPeerDispatcher(two))
    }
  })

  it('needs no method of the dispatcher but dispatch', async () => {
    const dispatched: unknown[] = []
    const bare = {
      dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
        dispatched.push(options.path)
        handler.onResponseError?.(null as never, new Error('no network here'))
        return true
      },
    }
    const request = asPeerDispatcher(bare as never).request({
      origin: 'https://api.example.com',
      path: '/x',
      method: 'GET',
    })
    await expect(request).rejects.toThrow('no network here')
    expect(dispatched).toEqual(['/x'])
  })
})

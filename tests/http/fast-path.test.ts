import { createHook } from 'node:async_hooks'
import { describe, expect, it, jest } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { staticToken } from '../../src/token/static-token.js'
import { RecordingHandler } from './recording-handler.js'

// What `npm run bench` measures, counted: a gain that is lost shows here, on any machine.

const origins = ['https://api.test']
const source = staticToken('t')

/** The kinds of asynchronous things that come to be while it runs: promises, timers, resources. */
function asynchronous(work: () => void): string[] {
  const kinds: string[] = []
  const hook = createHook({ init: (_id, kind) => kinds.push(kind) }).enable()
  try {
    work()
  } finally {
    hook.disable()
  }
  return kinds
}

/** The object, and how often all that is in it was listed: copying it does that once. */
function counted<T extends object>(object: T): { object: T; listings: () => number } {
  let listings = 0
  const ownKeys = (target: T) => {
    listings += 1
    return Reflect.ownKeys(target)
  }
  return { object: new Proxy(object, { ownKeys }), listings: () => listings }
}

/** An API that answers while it is being asked. */
const respondsAtOnce: Dispatcher.Dispatch = (_options, handler) => {
  const controller = { abort: () => undefined, pause: () => undefined, resume: () => undefined } as never
  handler.onRequestStart?.(controller, {})
  handler.onResponseStart?.(controller, 200, {}, 'OK')
  handler.onResponseData?.(controller, Buffer.from('x'))
  handler.onResponseEnd?.(controller, {})
  return true
}

describe('a request with a fresh token [R44]', () => {
  it('is stamped and answered without a promise, a timer or a signal', () => {
    const AbortController = jest.spyOn(globalThis, 'AbortController')
    const dispatch = bearer(source, { origins })(respondsAtOnce)
    const handler = new RecordingHandler()
    const kinds = asynchronous(() => dispatch({ origin: origins[0]!, path: '/', method: 'GET' }, handler))
    expect(handler.text).toBe('x')
    // The caller's context, for what a 401 would set off.
    expect(kinds).toEqual(['everbearer.BearerRequest'])
    expect(AbortController).not.toHaveBeenCalled()
    AbortController.mockRestore()
  })

  it('has its options and its headers taken apart once', () => {
    const headers = counted({ accept: 'application/json' })
    const options = counted({ origin: origins[0]!, path: '/', method: 'GET' as const, headers: headers.object })
    bearer(source, { origins })(respondsAtOnce)(options.object, new RecordingHandler())
    expect([options.listings(), headers.listings()]).toEqual([1, 1])
  })
})

describe('a call with a fresh token [R44]', () => {
  const response = Promise.resolve(new Response('x'))

  it('makes the promise that it returns, and one to wait with', async () => {
    const fetch = createFetch(source, { origins, fetch: () => response })
    let call: Promise<Response> | undefined
    const kinds = asynchronous(() => {
      call = fetch('https://api.test/', { headers: { accept: 'application/json' } })
    })
    expect(kinds).toEqual(['PROMISE', 'PROMISE'])
    expect(await (await call!).text()).toBe('x')
  })

  it('hands headers on as the object that they came as', async () => {
    const sent: unknown[] = []
    const underneath = (_input: unknown, init?: RequestInit) => {
      sent.push(init?.headers)
      return response
    }
    const fetch = createFetch(source, { origins, fetch: underneath })
    await fetch('https://api.test/', { headers: { accept: 'application/json' } })
    const stamp = { authorization: 'Bearer t', 'cache-control': 'no-store' }
    expect(sent).toEqual([{ accept: 'application/json', ...stamp }])
    expect(Object.getPrototypeOf(sent[0])).toBe(Object.prototype)
  })
})

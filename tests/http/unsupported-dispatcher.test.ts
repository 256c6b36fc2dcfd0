import { expect, test } from '@jest/globals'
import { bearer } from '../../src/http/bearer.js'
import { ScriptedSource } from './scripted-source.js'

test('a dispatcher that calls its handlers as undici 6 does is told at once, whether a token is there or not', () => {
  for (const ready of [true, false]) {
    const dispatched: unknown[] = []
    const interceptor = bearer(new ScriptedSource(['one'], { ready }), { origins: ['https://api.example.com'] })
    const dispatch = interceptor((options) => dispatched.push(options) > 0)
    const legacy = {
      onConnect: () => undefined,
      onHeaders: () => true,
      onData: () => true,
      onComplete: () => undefined,
    }
    expect(() => dispatch({ origin: 'https://api.example.com', path: '/', method: 'GET' }, legacy)).toThrow(
      expect.objectContaining({
        code: 'unsupported_dispatcher',
        message:
          'The dispatcher calls its handlers as undici 6 does, as the one bundled with Node 20 and 22: compose one of undici 7 or 8.',
      }),
    )
    expect(dispatched).toEqual([])
  }
})

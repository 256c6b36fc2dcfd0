import { afterEach, expect, test } from '@jest/globals'
import { bearer } from '../../src/http/bearer.js'
import { copy, older } from '../base/other-undici.js'
import { closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(closeServers)

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

test('an Agent of undici 6 that is composed with bearer rejects the request, and sends nothing', async () => {
  const { origin, hits } = await loopback()
  const agent = new older.Agent().compose(bearer(new ScriptedSource(['one']), { origins: [origin] }))
  await expect(agent.request({ origin, path: '/', method: 'GET' })).rejects.toMatchObject({
    code: 'unsupported_dispatcher',
  })
  expect(hits).toEqual([])
})

test('an Agent of another copy of undici 7 or 8 that is composed with bearer replays after a 401', async () => {
  const { origin, tokens } = await loopback((_incoming, outgoing, { authorization }) => {
    const isGood = authorization[0] === 'Bearer two'
    outgoing.writeHead(isGood ? 200 : 401, isGood ? {} : { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
  })
  const agent = new copy.Agent().compose(bearer(new ScriptedSource(['one', 'two']), { origins: [origin] }))
  const { statusCode, body } = await agent.request({ origin, path: '/', method: 'GET' })
  await body.dump()
  expect([statusCode, tokens()]).toEqual([200, ['one', 'two']])
  await agent.destroy()
})

import { afterEach, describe, expect, it } from '@jest/globals'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { defaultDispatcher, TOKEN_REQUEST } from '../../src/base/dispatcher.js'
import { runSource } from './run-source.js'

describe('defaultDispatcher', () => {
  const original = getGlobalDispatcher()
  afterEach(() => setGlobalDispatcher(original))

  it("is undici's global one, looked up anew each time", () => {
    expect(defaultDispatcher()).toBe(original)
    const another = new Agent()
    setGlobalDispatcher(another)
    expect(defaultDispatcher()).toBe(another)
  })

  it('is an Agent of our own, always the same, where the global one knows no request()', () => {
    setGlobalDispatcher({ dispatch: () => true } as never)
    const own = defaultDispatcher()
    expect(own).toBeInstanceOf(Agent)
    expect(defaultDispatcher()).toBe(own)
  })

  it("is one that knows request() even where Node's own fetch came first, and always the same", async () => {
    const output = await runSource(`
      import { createServer } from 'node:http'
      const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const origin = 'http://127.0.0.1:' + server.address().port
      await (await globalThis.fetch(origin)).text()
      const { getGlobalDispatcher } = await import('undici')
      const { defaultDispatcher } = await import('./src/base/dispatcher.ts')
      const dispatcher = defaultDispatcher()
      const answer = await dispatcher.request({ origin, path: '/', method: 'GET' })
      console.log(await answer.body.text(), dispatcher === defaultDispatcher())
      console.log((typeof getGlobalDispatcher().request === 'function') === (dispatcher === getGlobalDispatcher()))
      server.close()
      server.closeAllConnections()
    `)
    expect(output).toBe('ok true\ntrue\n')
  })
})

describe('TOKEN_REQUEST', () => {
  it('is the same for two copies of the package', () => {
    expect(TOKEN_REQUEST).toBe(Symbol.for('everbearer.tokenRequest'))
  })
})

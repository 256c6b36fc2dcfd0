import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { defaultDispatcher, TOKEN_REQUEST } from '../../src/base/dispatcher.js'
import { runModule } from '../docs/run-module.js'
import { bundled } from './run-source.js'

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

  it("is of undici 7 or 8 even where Node's own fetch came first, so that an interceptor works, and always the same", async () => {
    // A module of its own: bundled with the test, it would import undici before anything else.
    const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.everbearer-'))
    const late = join(folder, 'late.mjs')
    const sources = `
      export { defaultDispatcher } from './src/base/dispatcher.js'
      export { bearer } from './src/http/bearer.js'
      export { AccessToken } from './src/token/access-token.js'`
    writeFileSync(late, await bundled(sources))
    const output = await runModule(`
      import { createServer } from 'node:http'
      const answer = ({ headers }, response) => response.end(headers.authorization ?? 'no token')
      const server = createServer(answer).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const origin = 'http://127.0.0.1:' + server.address().port
      console.log(await (await globalThis.fetch(origin)).text())
      const { Dispatcher } = await import('undici')
      const { AccessToken, bearer, defaultDispatcher } = await import('${pathToFileURL(late).href}')
      const dispatcher = defaultDispatcher()
      console.log(dispatcher instanceof Dispatcher, dispatcher === defaultDispatcher())
      const late = { current: () => undefined, getToken: async () => new AccessToken('late') }
      const { body } = await dispatcher.compose(bearer(late, { origins: [origin] })).request({ origin, path: '/', method: 'GET' })
      console.log(await body.text())
      server.close()
      server.closeAllConnections()
    `)
    rmSync(folder, { recursive: true })
    expect(output).toBe('no token\ntrue true\nBearer late\n')
  })
})

describe('TOKEN_REQUEST', () => {
  it('is the same for two copies of the package', () => {
    expect(TOKEN_REQUEST).toBe(Symbol.for('everbearer.tokenRequest'))
  })
})

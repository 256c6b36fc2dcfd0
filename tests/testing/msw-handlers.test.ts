import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { setupServer, type SetupServer } from 'msw/node'
import { CxoneSimulator, GenesysSimulator, handlers } from '../../src/testing/index.js'

const origin = 'https://genesys.test'
const simulator = new GenesysSimulator()
let server: SetupServer

beforeAll(async () => {
  server = setupServer(...(await handlers(simulator, { origin: `${origin}/` })))
  server.listen({ onUnhandledRequest: 'error' })
})
afterAll(() => server.close())

describe('handlers', () => {
  it('answer for the whole origin', async () => {
    const headers = { authorization: `Basic ${btoa(`${simulator.clientId}:${simulator.clientSecret}`)}` }
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const login = await fetch(`${origin}/oauth/token`, { method: 'POST', headers, body })
    const { access_token } = (await login.json()) as { access_token: string }
    const users = await fetch(`${origin}/api/v2/users`, { headers: { authorization: `Bearer ${access_token}` } })
    expect(await users.json()).toMatchObject({ total: 1_000 })
  })

  it('make a network error of a cut connection', async () => {
    simulator.addFault({ kind: 'cut' })
    await expect(fetch(`${origin}/api/v2/users`)).rejects.toThrow(/fetch/) // msw 2 and 3 word it differently
  })

  it('are of any simulator', async () => {
    server.use(...(await handlers(new CxoneSimulator(), { origin: 'https://cxone.test' })))
    const response = await fetch('https://cxone.test/.well-known/openid-configuration')
    expect(await response.json()).toMatchObject({ token_endpoint: 'https://cxone.test/auth/token' })
  })

  it.each([
    ['a simulator', undefined, { origin }, 'handlers() takes a simulator first: new GenesysSimulator()'],
    ['a simulator', { origin }, { origin }, 'handlers() takes a simulator first: new GenesysSimulator()'],
    ['an origin', simulator, {}, 'Option `origin` must say for which origin the simulator responds'],
    ['an origin', simulator, { origin: 'genesys.test' }, 'Option `origin` must say for which origin'],
  ])('say that they need %s', async (_, given, options, message) => {
    await expect(handlers(given as never, options as never)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    })
  })

  it('say which package to install where there is no msw', async () => {
    jest.unstable_mockModule('msw', () => {
      throw Object.assign(new Error("Cannot find package 'msw'"), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    jest.resetModules()
    const { handlers: withoutMsw } = await import('../../src/testing/msw-handlers.js')
    await expect(withoutMsw(simulator, { origin })).rejects.toMatchObject({
      code: 'dependency_missing',
      message: expect.stringContaining('npm install --save-dev msw'),
    })
    jest.resetModules()
  })
})

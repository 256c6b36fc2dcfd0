import { afterEach, expect, it } from '@jest/globals'
import { bearer } from '../../src/http/bearer.js'
import { TokenUse } from '../../src/http/token-use.js'
import { agent, closeAgents } from './agents.js'
import { api, closeServers, loopback } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

afterEach(async () => {
  await closeAgents()
  closeServers()
})

async function use(tokens: readonly string[]) {
  const server = await loopback(api('two'))
  const dispatcher = agent(bearer(new ScriptedSource(tokens), { origins: [server.origin] }))
  const use = new TokenUse()
  const { body } = await dispatcher.request({ origin: server.origin, path: '/', method: 'GET', opaque: use })
  await body.dump()
  return use
}

it('a request records the token that it was sent with', async () => {
  const { token, replacement } = await use(['two'])
  expect([token?.reveal(), replacement]).toEqual(['two', undefined])
})

it('a replay records its own token, and no replacement of the first one', async () => {
  const { token, replacement } = await use(['one', 'two'])
  expect([token?.reveal(), replacement]).toEqual(['two', undefined])
})

it('a rejected token records what replaces it', async () => {
  const { token, replacement } = await use(['a', 'b', 'c', 'd'])
  expect(token?.reveal()).toBe('c')
  expect((await replacement)?.reveal()).toBe('d')
})

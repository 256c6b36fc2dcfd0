import { afterEach, expect, it, jest } from '@jest/globals'
import { runSource } from '../base/run-source.js'
import { HOSTILE, plain } from './hostile-responses.js'
import type { Head, Hostile } from './hostile-responses.js'
import { closeHostileServers, hostileServer } from './hostile-server.js'
import type { HostileServer } from './hostile-server.js'

// What is promised here is an end, not how fast a busy machine comes to it.
jest.setTimeout(20_000)

afterEach(closeHostileServers)

/** Forty-five answers of a gigabyte each would be noticed, and the coming and going of the garbage collector is not. */
const MAX_GROWTH = 64 * 1024 * 1024
const HUGE: readonly Hostile[] = ['a gigabyte in chunks', 'a gigabyte without a length', 'a gzip bomb of 1 GiB']

/** A server for each of them; whoever has the new token is answered well. */
async function hugeServers(head: Head): Promise<HostileServer[]> {
  const start = (name: Hostile) =>
    hostileServer((socket, request) => {
      if (request.includes('Bearer new')) socket.write(plain(200, '{}'))
      else HOSTILE[name](head)(socket)
    })
  return Promise.all(HUGE.map(start))
}

/** By how many bytes a process grows over 15 calls for each server, once 5 of each are behind it. */
async function growthOf(servers: readonly HostileServer[], imports: string, call: string): Promise<number> {
  const output = await runSource(
    `${imports}
    const origins = ${JSON.stringify(servers.map(({ origin }) => origin))}
    const call = ${call}
    const calls = async (count) => {
      for (let i = 0; i < count; i++) for (const origin of origins) await call(origin)
      gc()
      return process.memoryUsage().rss
    }
    const before = await calls(5)
    console.log((await calls(15)) - before)
    process.exit()
    `,
    { nodeArguments: ['--expose-gc'] },
  )
  return Number(output)
}

it('a gigabyte, plain or zipped, in the place of a token does not make the process grow [R18]', async () => {
  const servers = await hugeServers('200 x')
  const growth = await growthOf(
    servers,
    `import { clientCredentials } from './src/grants/client-credentials.ts'
    const { signal } = new AbortController()`,
    `async (origin) => {
      const grant = clientCredentials({ tokenEndpoint: origin, clientId: 'id', clientSecret: 'secret' })
      const { code } = await grant.requestToken({ signal }).catch((error) => error)
      if (code !== 'token_response_invalid') throw new Error(code)
    }`,
  )
  expect(growth).toBeLessThan(MAX_GROWTH)
  expect(servers.map(({ requests }) => requests.length)).toEqual([20, 20, 20])
})

it('a gigabyte, plain or zipped, in the body of a 401 that is mended does not either', async () => {
  const servers = await hugeServers('401 x\r\nwww-authenticate: Bearer error="invalid_token"')
  const growth = await growthOf(
    servers,
    `import { Agent } from 'undici'
    import { AccessToken } from './src/token/access-token.ts'
    import { bearer } from './src/http/bearer.ts'
    import { createFetch } from './src/http/create-fetch.ts'
    const source = {
      current: () => new AccessToken('old'),
      getToken: () => Promise.resolve(new AccessToken('new')),
    }`,
    `async (origin) => {
      const agent = new Agent().compose(bearer(source, { origins: [origin] }))
      const answer = await agent.request({ origin, path: '/', method: 'GET' })
      await answer.body.dump()
      const response = await createFetch(source, { origins: [origin] })(origin)
      await response.text()
      if (answer.statusCode !== 200 || response.status !== 200) throw new Error('not mended')
      await agent.close()
    }`,
  )
  expect(growth).toBeLessThan(MAX_GROWTH)
  expect(servers.map(({ requests }) => requests.length)).toEqual([80, 80, 80])
})

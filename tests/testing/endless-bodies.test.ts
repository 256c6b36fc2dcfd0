import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'

import {
  CxoneSimulator,
  GenesysSimulator,
  startCxoneSimulator,
  startGenesysSimulator,
} from '../../src/testing/index.js'
import type { RunningCxoneSimulator, RunningGenesysSimulator } from '../../src/testing/index.js'
import { serve } from '../../src/testing/serve.js'
import type { Served } from '../../src/testing/serve.js'

let genesys: RunningGenesysSimulator
let cxone: RunningCxoneSimulator
let results: Served
beforeAll(async () => {
  genesys = await startGenesysSimulator({ users: 1, conversationsPerDay: 0 })
  cxone = await startCxoneSimulator({ agents: 1, contactsPerDay: 0 })
  const simulator = new CxoneSimulator()
  results = await serve((request) => simulator.fetchResult(request))
})
afterAll(async () => {
  await genesys.close()
  await cxone.close()
  await results.close()
})

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

async function signIn(
  origin: string,
  path: string,
  { authorization, form }: { authorization: string; form: Record<string, string> },
): Promise<{ authorization: string }> {
  const init = { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) }
  const { access_token } = (await (await fetch(origin + path, init)).json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}

/** Sends a body that does not end, and goes on with it whatever is answered. */
async function flood(
  origin: string,
  head: { method: string; path: string; headers?: Record<string, string> },
): Promise<{ status: number; sent: number }> {
  const { method, path, headers = {} } = head
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  let [received, sent] = ['', 0]
  socket.on('data', (chunk: Buffer) => (received += chunk.toString())).on('error', () => undefined)
  const lines = Object.entries({ host: 'x', 'transfer-encoding': 'chunked', ...headers })
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  const more = () => {
    for (let room = true; room && !socket.destroyed; sent += chunk.length) room = socket.write(chunk)
  }
  socket.on('drain', more)
  more()
  await closed
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1]), sent }
}

const MAX = 64 * 1024 * 1024

describe('a request whose body does not end', () => {
  const genesysToken = () => ({
    authorization: `Basic ${btoa(`${genesys.env.GENESYS_CLIENT_ID}:${genesys.env.GENESYS_CLIENT_SECRET}`)}`,
  })

  it.each([
    ['POST', '/oauth/token', FORM, 413],
    ['POST', '/oauth/token', 'text/plain', 400],
    ['PUT', '/oauth/token', FORM, 405],
    ['GET', '/oauth/token', FORM, 405],
    ['GET', '/oauth/authorize', FORM, 400],
    ['POST', '/api/v2/users/search', JSON_TYPE, 401],
    ['GET', '/api/v2/users', JSON_TYPE, 401],
    ['POST', '/nowhere', JSON_TYPE, 401],
  ])(
    'is cut off after its answer by the Genesys simulator: %s %s of %s gets %i',
    async (method, path, type, status) => {
      const headers = { ...genesysToken(), 'content-type': type }
      const response = await flood(genesys.apiUrl, { method, path, headers })
      expect(response.status).toBe(status)
      expect(response.sent).toBeLessThan(MAX)
    },
  )

  it.each([
    ['POST', '/api/v2/users/search', 413],
    ['POST', '/api/v2/analytics/conversations/details/query', 413],
    ['POST', '/api/v2/analytics/conversations/details/jobs', 413],
    ['GET', '/api/v2/users', 200],
    ['DELETE', '/api/v2/tokens/me', 200],
  ])(
    'is cut off after its answer by the Genesys simulator for a client that is signed in: %s %s',
    async (method, path, status) => {
      const form = { grant_type: 'client_credentials' }
      const token = await signIn(genesys.loginUrl, '/oauth/token', { ...genesysToken(), form })
      const response = await flood(genesys.apiUrl, { method, path, headers: { ...token, 'content-type': JSON_TYPE } })
      expect(response.status).toBe(status)
      expect(response.sent).toBeLessThan(MAX)
    },
  )

  it.each([
    ['POST', '/auth/token', FORM, 413],
    ['POST', '/authentication/v1/token/access-key', JSON_TYPE, 413],
    ['POST', '/public/user/refresh', JSON_TYPE, 413],
    ['GET', '/.well-known/openid-configuration', FORM, 200],
    ['POST', '/data-extraction/v1/jobs', JSON_TYPE, 401],
  ])('is cut off after its answer by the CXone simulator: %s %s of %s gets %i', async (method, path, type, status) => {
    const response = await flood(cxone.issuer, { method, path, headers: { 'content-type': type } })
    expect(response.status).toBe(status)
    expect(response.sent).toBeLessThan(MAX)
  })

  it('is cut off after its answer by the host of results', async () => {
    const response = await flood(results.origin, { method: 'PUT', path: '/x' })
    expect(response.status).toBe(403)
    expect(response.sent).toBeLessThan(MAX)
  })

  it('is read no further than the limit where a simulator is no server', async () => {
    const simulator = new GenesysSimulator({ limits: { requestBytes: 1_000 } })
    let read = 0
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(100))
        read += 100
      },
    })
    const url = 'https://genesys.test/oauth/token'
    const init = { method: 'POST', headers: { 'content-type': FORM }, body, duplex: 'half' } as const
    expect((await simulator.fetch(new Request(url, init))).status).toBe(413)
    expect(read).toBeLessThan(2_000)
  })
})

describe('a body that is long and ends', () => {
  it('is let through when it is refused, and the connection goes on', async () => {
    const body = 'x'.repeat(4_000_000)
    const init = { method: 'POST', headers: { 'content-type': FORM }, body }
    for (let i = 0; i < 3; i++) {
      const response = await fetch(`${genesys.loginUrl}/oauth/token`, init)
      expect([response.status, (await response.text()).length > 0]).toEqual([413, true])
    }
  })
})

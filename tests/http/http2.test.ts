import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse, Http2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { bearer } from '../../src/http/bearer.js'
import { agentWith, closeAgents } from './agents.js'
import { read, sha256 } from './loopback.js'
import { ScriptedSource } from './scripted-source.js'

const certificates = join(import.meta.dirname, '../docs/certificates')
const cert = readFileSync(join(certificates, 'example.com.pem'))
const key = readFileSync(join(certificates, 'example.com-key.pem'))

let server: Http2SecureServer
let origin: string
const sessions = new Set<Http2Session>()
const tokens: string[] = []

/** Knows one good token, t2, and answers what it read. */
async function response(incoming: Http2ServerRequest, outgoing: Http2ServerResponse): Promise<void> {
  const body = await read(incoming)
  const token = String(incoming.headers.authorization).replace('Bearer ', '')
  tokens.push(token)
  if (token !== 't2') {
    outgoing.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"', 'x-original': 'yes' }).end('refused')
  } else outgoing.end(sha256(body))
}

beforeAll(async () => {
  server = createSecureServer({ cert, key })
  server.on('request', (incoming, outgoing) => void response(incoming, outgoing).catch(() => undefined))
  server.on('session', (session) => sessions.add(session))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  tokens.length = 0
  await closeAgents()
})

afterAll(() => {
  for (const session of sessions) session.destroy()
  server.close()
})

const http2Agent = (source: ScriptedSource) =>
  agentWith(
    { allowH2: true, connections: 1, connect: { ca: cert, servername: 'api.example.com' } },
    bearer(source, { origins: [origin] }),
  )

describe('bearer over HTTP/2', () => {
  const content = 'x'.repeat(40_000)

  it.each([
    ['a string', () => content],
    ['a Buffer', () => Buffer.from(content)],
    ['a Readable', () => Readable.from([Buffer.from(content)])],
    ['a stream of two pieces', () => Readable.from([Buffer.from(content.slice(0, 9)), Buffer.from(content.slice(9))])],
  ])('sends %s once more after a 401, whole', async (_, body) => {
    const dispatcher = http2Agent(new ScriptedSource(['t1', 't2']))
    const answered = await request(origin, { dispatcher, method: 'POST', body: body() })
    expect(answered.statusCode).toBe(200)
    expect(await answered.body.text()).toBe(sha256(content))
    expect(tokens).toEqual(['t1', 't2'])
  })

  it('exchanges one dead token once for 50 streams of one connection', async () => {
    const source = new ScriptedSource(['t1', 't2'])
    const dispatcher = http2Agent(source)
    const before = sessions.size
    const responses = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answered = await request(origin, { dispatcher })
        await answered.body.dump()
        return answered.statusCode
      }),
    )
    expect(new Set(responses)).toEqual(new Set([200]))
    expect(new Set(source.rejected)).toEqual(new Set(['t1']))
    expect(sessions.size - before).toBe(1)
  })

  it('hands over the original 401, whole, when there is no other token', async () => {
    const answered = await request(origin, { dispatcher: http2Agent(new ScriptedSource(['t1'])) })
    expect(answered.statusCode).toBe(401)
    expect(answered.headers['x-original']).toBe('yes')
    expect(await answered.body.text()).toBe('refused')
  })

  it('can be aborted while the token is awaited; nothing is sent', async () => {
    const source = new ScriptedSource(['t2'], { ready: false })
    source.gate = new Promise(() => undefined)
    const caller = new AbortController()
    const asked = request(origin, { dispatcher: http2Agent(source), signal: caller.signal })
    caller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    expect(tokens).toEqual([])
  })
})

import { afterEach, describe, expect, it } from '@jest/globals'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { fetch, request } from 'undici'
import { bearer, clientCredentials, createFetch, TokenManager } from '../../src/index.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import { agent } from './agents.js'
import { closeServers, loopback } from './loopback.js'

afterEach(closeServers)

const CODINGS = [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
] as const
type Encode = (typeof CODINGS)[number][1]

function send(response: ServerResponse, coding: string, encode: Encode, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': coding })
  response.end(encode(JSON.stringify(body)))
}

/** An authorization server and an API that compress everything, asked or not. The API rejects the first token. */
async function compressing(coding: string, encode: Encode) {
  const encodings: unknown[] = []
  let tokens = 0
  const { origin } = await loopback((incoming: IncomingMessage, response: ServerResponse) => {
    if (incoming.url === '/oauth/token') {
      encodings.push(incoming.headers['accept-encoding'])
      return send(response, coding, encode, 200, { access_token: `t${++tokens}`, token_type: 'Bearer', expires_in: 60 })
    }
    if (incoming.headers.authorization === 'Bearer t1') {
      return send(response, coding, encode, 401, [{ errorCode: 'INVALID_SESSION_ID' }])
    }
    send(response, coding, encode, 200, { ok: true })
  })
  const grant = clientCredentials({ tokenEndpoint: `${origin}/oauth/token`, clientId: 'id', clientSecret: 's' })
  const options = {
    origins: [origin],
    isTokenRejected: (_: object, body: string) => body.includes('INVALID_SESSION_ID'),
  }
  return { origin, encodings, tokens: new TokenManager(grant), options, count: () => tokens }
}

describe.each(CODINGS)('responses in %s', (coding, encode) => {
  it('are read from a token endpoint, which is asked for none', async () => {
    const { tokens, encodings } = await compressing(coding, encode)
    expect((await tokens.getToken()).reveal()).toBe('t1')
    expect(encodings).toEqual(['identity'])
  })

  it('are read by isTokenRejected, and passed as they are by bearer', async () => {
    const { origin, tokens, options, count } = await compressing(coding, encode)
    const dispatcher = agent(bearer(tokens, options))
    const { statusCode, headers, body } = await request(`${origin}/x`, { dispatcher })
    expect([statusCode, headers['content-encoding'], count()]).toEqual([200, coding, 2])
    expect(Buffer.from(await body.arrayBuffer())).toEqual(encode(JSON.stringify({ ok: true })))
  })

  it('are read by isTokenRejected below a fetch, and by createFetch', async () => {
    const one = await compressing(coding, encode)
    const dispatcher = agent(bearer(one.tokens, one.options))
    expect(await (await fetch(`${one.origin}/x`, { dispatcher })).json()).toEqual({ ok: true })
    const other = await compressing(coding, encode)
    expect(await (await createFetch(other.tokens, other.options)(`${other.origin}/x`)).json()).toEqual({ ok: true })
    expect([one.count(), other.count()]).toEqual([2, 2])
  })

  it('are read by an endpoint client', async () => {
    const { origin } = await compressing(coding, encode)
    const genesys = new GenesysCloud({ loginUrl: origin, apiUrl: origin, clientId: 'id', clientSecret: 's' })
    expect(await genesys.request('GET', '/api/v2/x')).toEqual({ ok: true })
    await genesys.close()
  })
})

it('a response that is not what its Content-Encoding says is an error that names the coding', async () => {
  const { origin } = await loopback((incoming, response) => {
    const isToken = incoming.url === '/oauth/token'
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': isToken ? 'identity' : 'gzip' })
    response.end(JSON.stringify({ access_token: 't', token_type: 'Bearer' }))
  })
  const at = { loginUrl: origin, apiUrl: origin, clientId: 'id', clientSecret: 's' }
  const genesys = new GenesysCloud(at)
  await expect(genesys.request('GET', '/x')).rejects.toMatchObject({
    code: 'api_response_invalid',
    message: expect.stringContaining('is not encoded as gzip'),
  })
  await genesys.close()
  const grant = clientCredentials({ tokenEndpoint: `${origin}/token`, clientId: 'id', clientSecret: 's' })
  await expect(new TokenManager(grant).getToken()).rejects.toMatchObject({
    code: 'token_response_invalid',
    message: expect.stringContaining('is not encoded as gzip'),
  })
})

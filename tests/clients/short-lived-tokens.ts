import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

import { serveExampleHosts } from '../docs/example-hosts.js'
import type { ExampleHosts } from '../docs/example-hosts.js'
import { json } from '../grants/authorization-server.js'
import { hitOf, read } from '../http/loopback.js'
import type { Hit } from '../http/loopback.js'

/** An API behind the check of its tokens. */
export interface Api {
  /** Answers a request whose token is alive, and whose body was read. */
  response(incoming: IncomingMessage, outgoing: ServerResponse, body: string): unknown
  /** Takes the socket over, for a WebSocket. */
  upgrade?(incoming: IncomingMessage, socket: Duplex): void
}

/** The example hosts with such an API, and what reached it. */
export interface ShortLivedTokens extends ExampleHosts {
  /** When each token was issued: t1, t2, and so on. */
  readonly issuedAt: ReadonlyMap<string, number>
  readonly hits: readonly Hit[]
  /** Those of them that were answered 401. */
  readonly refused: readonly Hit[]
}

/** Milliseconds that t1 lives; all the others live an hour. */
const LIFE = 1000

/**
 * What every client has to live through: t1 expires while the API works on the first answer, which it holds back for that
 * long, and t2 is revoked at the moment it is first used. Only t3 lasts.
 */
export async function startShortLivedTokens(api: Api): Promise<ShortLivedTokens> {
  const issuedAt = new Map<string, number>()
  const hits: Hit[] = []
  const refused: Hit[] = []

  async function isAlive(token: string): Promise<boolean> {
    const issued = issuedAt.get(token)
    if (issued === undefined || token === 't2') return false
    if (token !== 't1') return true
    if (hits.length > 1) return false
    await delay(LIFE - (performance.now() - issued))
    return true
  }

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse, socket?: Duplex): Promise<void> {
    const hit = hitOf(incoming)
    hit.body = await read(incoming)
    if (hit.headers.host === 'login.example.com') {
      const token = `t${issuedAt.size + 1}`
      issuedAt.set(token, performance.now())
      return json(outgoing, 200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: token === 't1' ? LIFE / 1000 : 3600,
      })
    }
    hits.push(hit)
    if (await isAlive(hit.authorization.join().replace('Bearer ', ''))) {
      if (socket) api.upgrade?.(incoming, socket)
      else await api.response(incoming, outgoing, hit.body.toString())
    } else {
      refused.push(hit)
      json(outgoing, 401, { error: 'no living token' }, { 'www-authenticate': 'Bearer error="invalid_token"' })
    }
  }

  function response(...exchange: Parameters<typeof respond>): void {
    // What the API cannot make sense of fails the page, not the test run.
    respond(...exchange).catch((error: unknown) => json(exchange[1], 500, { error: String(error) }))
  }

  const hosts = await serveExampleHosts(response)
  hosts.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    const outgoing = new ServerResponse(incoming)
    outgoing.assignSocket(socket as never)
    response(incoming, outgoing, socket)
  })
  return { ...hosts, issuedAt, hits, refused }
}

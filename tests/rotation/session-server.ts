import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { json } from '../grants/authorization-server.js'
import { turn } from '../waiting.js'

/** A moment in a token request: it has come, the session has moved on, its answer is on the way. */
export type Moment = 'asked' | 'rotated' | 'answered'

/** A sign-in, and what came of it. */
export interface Session {
  readonly id: number
  /** The number of the refresh token that is good; that of the sign-in is 0. */
  current: number
  /** The highest number whose access token the API has seen. */
  seen: number
  /** A refresh token came a second time. */
  revoked: boolean
  /** Access tokens up to this number are refused. */
  deadUpTo: number
  /** When each access token was given, by its number. */
  readonly givenAt: number[]
}

/**
 * An authorization server that gives another refresh token with each answer and ends a session when one comes a second
 * time (RFC 9700 section 4.14.2), and an API that takes the access tokens of living sessions.
 */
export class SessionServer {
  readonly sessions: Session[] = []
  /** Whose request it is: what its `x-caller` says. May put the answer off; a request whose caller has died spends nothing. */
  onMoment: (moment: Moment, caller: string) => void | Promise<void> = () => undefined
  /** `token` is the number of the access token that the API was called with. */
  onCall: (status: number, caller: string, token: number) => void = () => undefined
  /** Seconds. */
  readonly #lifetime: number
  readonly #server: Server

  constructor(lifetime: number) {
    this.#lifetime = lifetime
    this.#server = createServer((request, response) => {
      if (request.url === '/api') this.#respondToApi(request, response)
      else this.#respondToTokenRequest(request, response)
    })
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Begins a session, and gives its first refresh token. */
  signIn(): string {
    const session = { id: this.sessions.length, current: 0, seen: 0, revoked: false, deadUpTo: 0, givenAt: [0] }
    this.sessions.push(session)
    return refreshTokenOf(session)
  }

  /** Resolves when all who called have gone, and what they asked was done. */
  async quiet(): Promise<void> {
    const connections = () =>
      new Promise<number>((resolve) => this.#server.getConnections((_, count) => resolve(count)))
    while ((await connections()) > 0) await turn()
    await turn()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #respondToTokenRequest(request: IncomingMessage, response: ServerResponse): void {
    const caller = String(request.headers['x-caller'])
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void Promise.resolve(this.onMoment('asked', caller)).then(() => {
        if (response.destroyed) return
        const session = this.#rotate(String(new URLSearchParams(String(Buffer.concat(chunks))).get('refresh_token')))
        if (session === undefined) return json(response, 400, { error: 'invalid_grant' })
        void this.onMoment('rotated', caller)
        json(response, 200, {
          access_token: `access.${session.id}.${session.current}`,
          token_type: 'Bearer',
          expires_in: this.#lifetime,
          refresh_token: refreshTokenOf(session),
        })
        void this.onMoment('answered', caller)
      })
    })
  }

  #rotate(refreshToken: string): Session | undefined {
    const [id, number] = numbersOf(refreshToken)
    const session = this.sessions[id]
    if (session === undefined || session.revoked) return undefined
    if (number !== session.current) {
      session.revoked = true
      return undefined
    }
    session.current += 1
    session.givenAt.push(performance.now())
    return session
  }

  #respondToApi(request: IncomingMessage, response: ServerResponse): void {
    const [id, number] = numbersOf(String(request.headers.authorization))
    const session = this.sessions[id]
    const isGood = session !== undefined && this.#isAlive(session, number)
    if (isGood) session.seen = Math.max(session.seen, number)
    this.onCall(isGood ? 200 : 401, String(request.headers['x-caller']), number)
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' }
    response.writeHead(isGood ? 200 : 401, isGood ? {} : challenge).end()
  }

  #isAlive({ revoked, deadUpTo, givenAt }: Session, number: number): boolean {
    const age = performance.now() - (givenAt[number] ?? -Infinity)
    return !revoked && number > deadUpTo && age < this.#lifetime * 1_000
  }
}

export function refreshTokenOf({ id, current }: Session): string {
  return `refresh.${id}.${current}`
}

/** A session's number, and a token's. */
export function numbersOf(token: string): [session: number, token: number] {
  const [, session, number] = token.split('.')
  return [Number(session), Number(number)]
}

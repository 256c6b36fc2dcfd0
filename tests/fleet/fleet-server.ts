import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { json } from '../grants/authorization-server.js'
import { moment } from './moment.js'

/** Seconds that a token lives. */
export const LIFETIME = 2
/** Milliseconds after which a client may find a token due; its count begins before the server's. */
const DUE_AFTER = 0.8 * LIFETIME * 1_000 - 60
/** Milliseconds that a token request takes, as on the way to a server elsewhere. */
const LATENCY = 20

/** Why somebody may ask for a token; `lost` is what never reached who asked, and `surplus` is no reason. */
export type Reason = 'due' | 'revoked' | 'alone' | 'lost' | 'surplus'

/** A token request, as the server saw it. */
export interface TokenRequest {
  readonly at: number
  readonly caller: string
  readonly reason: Reason
  /** How old the newest token was, in milliseconds, and whether somebody had asked for the next one. */
  readonly age: number
  readonly isSecond: boolean
}

interface Given {
  readonly at: number
  readonly to: string
}

/**
 * An authorization server with tokens for one client, and an API that takes those that live. It sees for itself whether a
 * token request had a reason: one is due for each token that grows old, and one for each revocation.
 */
export class FleetServer {
  readonly requests: TokenRequest[] = []
  /** Whether each process may ask for itself, once in a token's life. */
  alone = false
  /** May put the answer off. Whoever dies meanwhile has not asked. */
  onAsked: (caller: string) => void | Promise<void> = () => undefined
  onCall: (status: number, caller: string) => void = () => undefined
  /** By their numbers, from 1 on. */
  readonly #given: Given[] = []
  /** Given to somebody who is stopped: nobody has it. */
  readonly #stranded = new Set<number>()
  #strandNext = false
  #revokedUpTo = 0
  /** For which token somebody has asked for the next one already. */
  #askedFor = -1
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/api') this.#respondToApi(request, response)
      else void this.#respondToTokenRequest(request, response)
    })
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** All tokens that were given so far are refused from now on. */
  revoke(): void {
    this.#revokedUpTo = this.#given.length
  }

  /** Who is given the next token is stopped by then: the others must do without. */
  strandNext(): void {
    this.#strandNext = true
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #respondToTokenRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const caller = String(request.headers['x-caller'])
    const newest = this.#newest
    const reason = this.#reasonOf(caller, newest)
    const isSecond = newest === this.#askedFor
    if (reason !== 'alone') this.#askedFor = newest
    const seen: TokenRequest = { at: moment(), caller, reason, age: this.#ageOf(newest), isSecond }
    const number = this.requests.push(seen) - 1
    await once(request.resume(), 'end')
    await this.onAsked(caller)
    await wait(LATENCY)
    const isStranded = this.#strandNext
    if (response.destroyed || isStranded) {
      this.requests[number] = { ...seen, reason: 'lost' }
      this.#askedFor = -1
    }
    if (response.destroyed) return
    this.#given.push({ at: moment(), to: caller })
    if (isStranded) this.#stranded.add(this.#given.length)
    this.#strandNext = false
    json(response, 200, { access_token: `fleet.${this.#given.length}`, token_type: 'Bearer', expires_in: LIFETIME })
  }

  /** The number of the last token that everybody could have. */
  get #newest(): number {
    let number = this.#given.length
    while (this.#stranded.has(number)) number -= 1
    return number
  }

  #reasonOf(caller: string, newest: number): Reason {
    if (this.alone) return this.#hasLately(caller) ? 'surplus' : 'alone'
    if (newest === this.#askedFor) return 'surplus'
    if (newest === 0) return 'due'
    if (newest <= this.#revokedUpTo) return 'revoked'
    return this.#ageOf(newest) >= DUE_AFTER ? 'due' : 'surplus'
  }

  #ageOf(number: number): number {
    return moment() - (this.#given[number - 1]?.at ?? 0)
  }

  #hasLately(caller: string): boolean {
    const last = this.#given.findLast(({ to }) => to === caller)
    return last !== undefined && moment() - last.at < DUE_AFTER
  }

  #respondToApi(request: IncomingMessage, response: ServerResponse): void {
    const number = Number(String(request.headers.authorization).split('.')[1])
    const given = this.#given[number - 1]
    const isGood = given !== undefined && number > this.#revokedUpTo && moment() - given.at < LIFETIME * 1_000
    this.onCall(isGood ? 200 : 401, String(request.headers['x-caller']))
    response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
  }
}

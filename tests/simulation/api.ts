import type { Dispatcher } from 'undici'
import type { ScriptedAuthorizationServer } from './authorization-server.js'
import { DispatchedRequest, FetchedRequest } from './api-request.js'
import type { ApiRequest } from './api-request.js'
import { HEADS } from './api-answers.js'
import type { Head } from './api-answers.js'
import type { ApiResponse } from './history.js'
import type { Recorder } from './record.js'
import type { WatchedClock } from './watched-clock.js'

/** What is below the subject, for a dispatcher and for fetch alike: takes requests, and answers when the history says so. */
export class ScriptedApi {
  /** Requests whose answer has not come to its end. */
  readonly open: ApiRequest[] = []
  readonly record: Recorder
  readonly #server: ScriptedAuthorizationServer
  readonly #clock: WatchedClock
  readonly #revoked = new Set<string>()
  #requests = 0

  constructor(record: Recorder, server: ScriptedAuthorizationServer, clock: WatchedClock) {
    this.record = record
    this.#server = server
    this.#clock = clock
  }

  readonly dispatch: Dispatcher.Dispatch = (options, handler) => {
    this.admit(new DispatchedRequest(this, ++this.#requests, options, handler))
    return true
  }

  readonly fetch: typeof globalThis.fetch = (input, init) => {
    const request = new FetchedRequest(this, ++this.#requests, new URL(input), init ?? {})
    this.admit(request)
    return request.response
  }

  /** The next number, for a hop that fetch makes by itself. */
  nextNumber(): number {
    return ++this.#requests
  }

  admit(request: ApiRequest): void {
    const { number, call, hop, tokens, byFetch } = request
    this.record.note({ what: 'dispatched', request: number, call, hop, url: request.url.origin, tokens, byFetch })
    this.open.push(request)
  }

  revoke(token: string): void {
    this.#revoked.add(token)
    this.record.note({ what: 'revoked', token })
  }

  /** The head of an answer of this kind. Only so many redirects are followed. */
  headOf(answer: Exclude<ApiResponse, 'cut'>, { tokens, hop }: ApiRequest): Head {
    if (answer === 'as it should') {
      const [token] = tokens
      return HEADS[tokens.length === 1 && this.#isGood(token!) ? '200' : '401 invalid_token']
    }
    const head = HEADS[answer]
    return head.location !== undefined && hop >= 2 ? HEADS['200'] : head
  }

  #isGood(token: string): boolean {
    if (this.#revoked.has(token)) return false
    return this.#server.minted.some(
      (minted) => minted.token.reveal() === token && this.#clock.trueTime < minted.trueExpiry,
    )
  }
}

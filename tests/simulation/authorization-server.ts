import { elapsedSince, instant } from '../../src/base/clock.js'
import type { Instant } from '../../src/base/clock.js'
import { TokenError } from '../../src/base/errors.js'
import { noteRefreshToken } from '../../src/base/received-refresh-token.js'
import { parseRetryAfter } from '../../src/protocol/retry-after.js'
import type { AccessToken } from '../../src/token/access-token.js'
import type { Grant, GrantIdentity, TokenSet } from '../../src/token/grant.js'
import { permanentError, tokens, transientError } from '../token/scripted-grant.js'
import type { GrantResponse } from './history.js'
import type { Recorder, TokenOutcome } from './record.js'
import type { WatchedClock } from './watched-clock.js'
import { deferred } from '../waiting.js'

interface Request {
  readonly number: number
  readonly sentAt: Instant & { trueTime: number }
  readonly settle: ReturnType<typeof deferred<TokenSet>>
}

interface Minted {
  readonly token: AccessToken
  readonly requestedAt: Instant
  /** When a good API stops taking it, by the true time. */
  readonly trueExpiry: number
}

/** A grant whose server answers when the history says so. Its tokens are t1, t2 and so on, its refresh tokens r1, r2. */
export class ScriptedAuthorizationServer implements Grant {
  readonly identity: GrantIdentity = {
    tokenEndpoint: 'https://login.example/token',
    clientId: 'id',
    grantType: 'scripted',
    scope: [],
    resource: [],
    parameters: {},
  }
  readonly repeatable: boolean
  readonly minted: Minted[] = []
  /** Requests that wait for their answer. */
  readonly open: Request[] = []
  /** Every request is answered 503 while it is. */
  down = false
  readonly #record: Recorder
  readonly #clock: WatchedClock
  /** All tries of a flight share its signal, and no two flights share one. */
  readonly #flights: AbortSignal[] = []
  #requests = 0
  #tokens = 0
  #rotations = 0

  constructor(record: Recorder, clock: WatchedClock) {
    this.#record = record
    this.#clock = clock
    this.repeatable = record.settings.grant === 'repeatable'
  }

  requestToken({ previous, signal }: { previous?: TokenSet | undefined; signal: AbortSignal }): Promise<TokenSet> {
    const sentAt = { ...instant(this.#clock), trueTime: this.#clock.trueTime }
    const request: Request = { number: ++this.#requests, sentAt, settle: deferred<TokenSet>() }
    const flight = this.#flightOf(signal)
    const refreshToken = previous?.refreshToken?.reveal()
    this.#record.note({ what: 'token requested', request: request.number, flight, refreshToken })
    this.open.push(request)
    if (this.#record.settings.heedsAbort) {
      signal.addEventListener('abort', () => {
        if (this.#close(request)) request.settle.reject(signal.reason)
      })
    }
    return request.settle.promise
  }

  revokeToken(): Promise<void> {
    this.#record.note({ what: 'revocation requested' })
    return Promise.resolve()
  }

  /** Answers one of those that wait. */
  answer(request: Request, answer: GrantResponse): void {
    this.#close(request)
    const outcome = this.#settle(request, this.down ? UNAVAILABLE : answer)
    this.#record.note({ what: 'token answered', request: request.number, answer: answer.kind, outcome })
  }

  /** What a prompt server answers by itself. */
  byHabit(lifetime: number): GrantResponse {
    const { habit } = this.#record.settings
    const last = this.minted.at(-1)
    const left = last === undefined ? 0 : last.trueExpiry - this.#clock.trueTime
    if (habit?.kind === 'refuses young' && last !== undefined && lifetime - left < habit.share * lifetime) {
      return { kind: 'too young' }
    }
    if (habit?.kind === 'repeats' && left > 0) {
      return { kind: 'same token', lifetime: Math.floor(left / 1_000) * 1_000, rotates: true }
    }
    return { kind: 'token', lifetime, rotates: true }
  }

  #close(request: Request): boolean {
    const place = this.open.indexOf(request)
    if (place >= 0) this.open.splice(place, 1)
    return place >= 0
  }

  #flightOf(signal: AbortSignal): number {
    const known = this.#flights.indexOf(signal)
    if (known >= 0) return known + 1
    const flight = this.#flights.push(signal)
    signal.addEventListener('abort', () => {
      const { reason } = signal as { reason: unknown }
      this.#record.note({
        what: 'flight aborted',
        flight,
        reason: reason instanceof TokenError ? reason.code : String(reason),
      })
    })
    return flight
  }

  #settle({ sentAt, settle }: Request, answer: GrantResponse): TokenOutcome {
    switch (answer.kind) {
      case 'token':
      case 'same token': {
        const { lifetime } = answer
        const last = this.minted.at(-1)?.token.reveal()
        const name = answer.kind === 'same token' && last !== undefined ? last : `t${++this.#tokens}`
        const refreshToken = !this.repeatable && answer.rotates ? `r${++this.#rotations}` : undefined
        const set = tokens(name, {
          lifetime: lifetime ?? Infinity,
          ...(refreshToken !== undefined && { refreshToken }),
        })
        const trueExpiry = sentAt.trueTime + (lifetime ?? Infinity)
        this.minted.push({ token: set.accessToken, requestedAt: sentAt, trueExpiry })
        settle.resolve(set)
        return { token: name, lifetime, refreshToken }
      }
      case 'unavailable': {
        const retryAfter = parseRetryAfter(retryAfterHeader(answer, this.#clock), this.#clock.now())
        return fail(settle, transientError(retryAfter === undefined ? {} : { retryAfter }))
      }
      case 'odd response': {
        const error = new TokenError('token_response_invalid', 'Odd.', { status: 200 })
        const refreshToken = !this.repeatable && answer.rotates ? `r${++this.#rotations}` : undefined
        if (refreshToken !== undefined) noteRefreshToken(error, refreshToken)
        return { ...fail(settle, error), refreshToken }
      }
      case 'denied':
      case 'too young':
        return fail(settle, permanentError())
      case 'invalid_grant':
        return fail(settle, new TokenError('token_denied', 'Refused.', { status: 400, error: 'invalid_grant' }))
      case 'not reached':
        return fail(settle, transientError({ requestSent: false }))
      case 'cut':
        return fail(settle, transientError())
      case 'foreign error':
        settle.reject(new Error('the grant has a defect'))
        return { error: 'grant_failed', retryable: true, retryAfter: 0, sent: true }
      case 'no token':
        settle.resolve({} as TokenSet)
        return { error: 'grant_failed', retryable: false, retryAfter: 0, sent: true }
    }
  }

  /** Milliseconds that a token has left by the client's clocks; Infinity when the server named no lifetime. */
  remaining({ token, requestedAt }: Minted): number {
    return (token.lifetime ?? Infinity) - elapsedSince(requestedAt, this.#clock)
  }
}

const UNAVAILABLE: GrantResponse = { kind: 'unavailable', retryAfter: undefined, asDate: false }

function retryAfterHeader({ retryAfter, asDate }: GrantResponse & { kind: 'unavailable' }, clock: WatchedClock) {
  if (retryAfter === undefined) return undefined
  return asDate ? new Date(clock.now() + retryAfter * 1_000).toUTCString() : String(retryAfter)
}

function fail({ reject }: { reject(error: Error): void }, error: TokenError): TokenOutcome {
  reject(error)
  return { error: error.code, retryable: error.retryable, retryAfter: error.retryAfter ?? 0, sent: error.requestSent }
}

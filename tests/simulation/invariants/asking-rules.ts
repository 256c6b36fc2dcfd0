import type { Instant } from '../../../src/base/clock.js'
import type { Event, EventOf, Recording, TokenOutcome } from '../record.js'
import { between } from './invariant.js'
import type { Invariant, Violation } from './invariant.js'
import { longestPause, mayBeRenewed, mustBeRenewed } from './known-token.js'
import type { KnownToken } from './known-token.js'
import { LeftAlone, Pause } from './left-alone.js'

interface Flight {
  readonly number: number
  readonly startedAt: Instant
  readonly isProbe: boolean
  readonly forRejection: boolean
  tries: number
  repeats: number
  sentAt: Instant
  failure: { at: Instant; retryAfter: number } | undefined
  over: boolean
  /** The manager was told to drop what it brings. */
  unwanted: boolean
}

const ALONE =
  'A server that failed is left alone: 1 s doubling to 60 s, 5 s to 5 min when refused, never less than Retry-After'
const TRIES = 'A flight tries three times at most, a probe once, and only what may be tried again'
const NEEDED = 'The server is asked when there is no token, when it is due, or when the current one was refused'
const STORM = 'An API that refuses new tokens as well causes no storm: 1 s doubling to 60 s'
const SERVED = 'A living token is served at once'
const WAITING = 'Nobody waits for nothing'

/**
 * The rules of when the authorization server is asked, and of who waits for it, told anew from the documentation. Where
 * it cannot be told from outside what the manager knows (two things came at once), the rule is not held against it.
 */
export const askingRules: Invariant = (recording) => new AskingRules(recording).check()

class AskingRules {
  readonly #events: readonly Event[]
  readonly #spends: boolean
  readonly #timeout: number
  readonly #byBody: boolean
  readonly #alone = new LeftAlone()
  readonly #pause = new Pause()
  readonly #flights = new Map<number, Flight>()
  readonly #flightOf = new Map<number, Flight>()
  readonly #tokenOf = new Map<number, string>()
  readonly #throughFetch = new Set<number>()
  readonly #waiting = new Set<number>()
  /** Whoever was refused with one of these may ask for another as soon as it comes again. */
  readonly #everRefused = new Set<string>()
  /** Tokens that the server has sent: one of these may be what the manager has. */
  readonly #everSent = new Set<string>()
  /** Calls that must be given this token by the end of the turn. */
  readonly #served = new Map<number, string>()
  #held: KnownToken | undefined
  #arriving: { flight: Flight; token: KnownToken; at: Instant; isSure: boolean; afterReset: boolean } | undefined
  /** Refused through fetch, which learns of it some promises later. */
  #perhapsRefused: KnownToken | undefined
  /** A token had expired when it arrived, this very moment. */
  #hasJustExpired = false
  #isClosed = false

  constructor({ events, settings }: Recording) {
    this.#events = events
    this.#spends = settings.grant === 'spending'
    this.#timeout = settings.timeout
    this.#byBody = settings.verdict === 'body'
  }

  check(): Violation | undefined {
    for (const [event, happening] of this.#events.entries()) {
      const broken = this.#look(happening)
      if (broken !== undefined) return { ...broken, event }
    }
    return undefined
  }

  #look(happening: Event): Omit<Violation, 'event'> | undefined {
    const { at } = happening
    switch (happening.what) {
      case 'called':
        return this.#onCall(happening)
      case 'ended':
        return this.#onEnd(happening)
      case 'given up':
        this.#perhapsRefused = undefined
        return
      case 'token requested':
        return this.#onRequest(happening)
      case 'token answered':
        return this.#onResponse(this.#flightOf.get(happening.request)!, happening.outcome, at)
      case 'flight aborted': {
        const flight = this.#flights.get(happening.flight)!
        if (flight.over) return
        flight.over = true
        if (!this.#isClosed) this.#alone.fail(at, { retryable: true, retryAfter: 0 }, this.#cover(at))
        return
      }
      case 'dispatched':
        if (happening.tokens.length === 1) this.#tokenOf.set(happening.request, happening.tokens[0]!)
        return
      case 'answered':
        this.#onApiResponse(happening)
        return
      case 'invalidated':
        if (this.#arriving) this.#arriving.isSure = false
        // Dropped before it was looked at?
        if (this.#hasJustExpired) this.#alone.forget()
        this.#perhapsRefused = undefined
        this.#pause.forget()
        this.#held = undefined
        for (const flight of this.#flights.values()) flight.unwanted ||= !flight.over
        return
      case 'reset':
        this.#alone.forget()
        this.#pause.forget()
        if (this.#held) this.#held.forRejection = false
        if (this.#arriving) this.#arriving.afterReset = true
        return
      case 'close called':
        this.#isClosed = true
        this.#held = undefined
        return
      case 'turn':
        return this.#onTurn(at)
      default:
        return
    }
  }

  #onCall({ call, through, rejected, at }: EventOf<'called'>): Omit<Violation, 'event'> | undefined {
    if (through === 'fetch') this.#throughFetch.add(call)
    if (through !== 'getToken' || this.#isClosed) return
    this.#waiting.add(call)
    if (rejected !== undefined) this.#everRefused.add(rejected)
    const held = this.#held
    if (held === undefined || this.#arriving) return
    if (rejected === held.name) this.#refuse(held, at)
    else if (!held.maybe && !held.refused && !held.maybeRefused && !mustBeRenewed(held, at))
      this.#served.set(call, held.name)
    return
  }

  #onEnd({ call, as }: EventOf<'ended'>): Omit<Violation, 'event'> | undefined {
    this.#waiting.delete(call)
    const token = this.#served.get(call)
    this.#served.delete(call)
    if (token === undefined || ('token' in as && as.token === token)) return
    return { promise: SERVED, why: `Call ${call} gets ${JSON.stringify(as)} while ${token} lives.` }
  }

  #onTurn(at: Instant): Omit<Violation, 'event'> | undefined {
    this.#land()
    this.#hasJustExpired = false
    const perhaps = this.#perhapsRefused
    this.#perhapsRefused = undefined
    if (perhaps !== undefined && perhaps === this.#held) {
      perhaps.maybeRefused = false
      this.#refuse(perhaps, at)
    }
    for (const [call, token] of this.#served)
      return { promise: SERVED, why: `Call ${call} waits while ${token} lives.` }
    for (const [call] of this.#waiting.entries()) {
      if ([...this.#flights.values()].every(({ over }) => over)) return { promise: WAITING, why: `Call ${call} does.` }
    }
    return
  }

  #onRequest({ request, flight: number, at }: EventOf<'token requested'>): Omit<Violation, 'event'> | undefined {
    const known = this.#flights.get(number)
    if (known) {
      this.#flightOf.set(request, known)
      return this.#onFurtherTry(known, request, at)
    }
    this.#land()
    const missing = this.#alone.missing(at)
    if (missing > 0) return { promise: ALONE, why: `Request ${request} comes ${missing} ms too early.` }
    const held = this.#held
    let forRejection = false
    if (held !== undefined && !held.maybe && !mayBeRenewed(held, at)) {
      if (!held.refused && !held.maybeRefused) {
        return { promise: NEEDED, why: `Request ${request} is made while ${held.name} is good.` }
      }
      const pause = this.#pause.missing(at)
      if (pause > 0) return { promise: STORM, why: `Request ${request} comes ${pause} ms too early.` }
      forRejection = true
    }
    const isProbe = this.#alone.isFailing
    const times = { startedAt: at, sentAt: at, tries: 1, repeats: 0 }
    const flight: Flight = { number, ...times, isProbe, forRejection, failure: undefined, over: false, unwanted: false }
    this.#flights.set(number, flight)
    this.#flightOf.set(request, flight)
    return
  }

  #onFurtherTry(flight: Flight, request: number, at: Instant): Omit<Violation, 'event'> | undefined {
    const { failure } = flight
    flight.tries += 1
    flight.sentAt = at
    flight.failure = undefined
    if (flight.over || failure === undefined)
      return { promise: TRIES, why: `Request ${request} is one more of a flight that was over.` }
    const early = failure.retryAfter - (at.monotonic - failure.at.monotonic)
    if (early > 0) return { promise: TRIES, why: `Request ${request} comes ${early} ms before Retry-After.` }
    const late = at.monotonic - flight.startedAt.monotonic - this.#timeout
    if (late > 0) return { promise: TRIES, why: `Request ${request} comes ${late} ms after its flight's time was up.` }
    return
  }

  #onResponse(flight: Flight, outcome: TokenOutcome, at: Instant): undefined {
    if (flight.over) return
    if ('error' in outcome) {
      const isSpent = this.#spends && outcome.sent
      const isFinal = !outcome.retryable || outcome.retryAfter > 1_000 || isSpent || flight.isProbe || flight.tries >= 3
      if (isFinal) this.#fail(flight, outcome, at)
      else flight.failure = { at, retryAfter: outcome.retryAfter }
      return
    }
    const { token: name, lifetime = Infinity } = outcome
    if (lifetime < 2_000 && flight.repeats < 5 && (lifetime === 0 || this.#everSent.has(name))) {
      // It is requested again after a second, for certain or perhaps.
      flight.repeats += 1
      flight.tries = 0
      flight.failure = { at, retryAfter: 1_000 }
      if (lifetime > 0) {
        this.#alone.forget()
        if (this.#held) this.#held.maybe = true
      }
      return
    }
    this.#everSent.add(name)
    if (between(flight.sentAt, at) >= lifetime) {
      if (flight.unwanted) flight.over = true
      else this.#fail(flight, { retryable: true, retryAfter: 0 }, at)
      this.#hasJustExpired = true
      return
    }
    flight.over = true
    const { forRejection, sentAt: since } = flight
    const token = { name, since, lifetime, forRejection, refused: false, maybeRefused: false, maybe: false }
    if (!flight.unwanted) this.#arriving = { flight, token, at, isSure: true, afterReset: false }
  }

  #fail(flight: Flight, error: { retryable: boolean; retryAfter: number }, at: Instant): void {
    flight.over = true
    this.#alone.fail(at, error, this.#cover(at))
    // A refused token is given up when it cannot be exchanged.
    if (this.#held && !error.retryable) this.#held.maybe = true
  }

  /** How long a failure may keep the manager from the next request because of the token that it holds. */
  #cover(at: Instant): { longest: number; isSure: boolean } {
    const held = this.#held
    if (held === undefined) return { longest: Infinity, isSure: true }
    return { longest: longestPause(held, at), isSure: !(held.refused || held.maybeRefused || held.maybe) }
  }

  /** What arrived has been taken in, at the latest when the turn ends or another flight begins. */
  #land(): void {
    if (this.#arriving === undefined) return
    const { token, isSure, afterReset } = this.#arriving
    this.#arriving = undefined
    if (!isSure || this.#isClosed) {
      this.#alone.forget()
      this.#held = undefined
      return
    }
    this.#alone.forget()
    if (afterReset) token.forRejection = false
    token.maybeRefused = this.#everRefused.has(token.name)
    this.#held = token
  }

  #onApiResponse({ request, refused, status, at }: EventOf<'answered'>): void {
    const held = this.#held
    if (refused && this.#tokenOf.has(request)) this.#everRefused.add(this.#tokenOf.get(request)!)
    if (held === undefined || status !== 401) return
    const { call, byFetch } = this.#events.find(
      (event) => event.what === 'dispatched' && event.request === request,
    ) as EventOf<'dispatched'>
    const isFetch = this.#throughFetch.has(call)
    // Fetch may have lost the token on the way of a redirect, and still be answered by the origin that was given it.
    if (this.#tokenOf.get(request) !== held.name) {
      if (byFetch) this.#perhapsRefuse(held)
    } else if (!refused) return
    else if (this.#byBody || this.#arriving) this.#perhapsRefuse(held)
    else if (isFetch) {
      if (!held.maybeRefused) this.#perhapsRefused = held
      this.#perhapsRefuse(held)
    } else this.#refuse(held, at)
  }

  #refuse(held: KnownToken, at: Instant): void {
    if (held.refused) return
    held.refused = true
    this.#pause.begin(at, held.forRejection && !held.maybeRefused, between(held.since, at), held.lifetime)
  }

  #perhapsRefuse(held: KnownToken): void {
    if (held.refused) return
    held.maybeRefused = true
    this.#pause.forget()
  }
}

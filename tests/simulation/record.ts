import type { Instant } from '../../src/base/clock.js'
import type { ApiResponse, GrantResponse, Settings, Through } from './history.js'

/** How a call ended. Tokens and answers by their names: `t3` is the third token, `answer 5` the API's to request 5. */
export type Ending =
  | { token: string }
  | { status: number; text: string }
  /** The code of a typed error, or the words of another. */
  | { error: string }
  /** Somebody's abort: whose call it was that was given up. */
  | { givenUp: number }

/** What came of a token request. */
export type TokenOutcome =
  | { token: string; lifetime: number | undefined; refreshToken: string | undefined }
  | { error: string; retryable: boolean; retryAfter: number; sent: boolean; refreshToken?: string | undefined }

/** Everything that can be seen from outside of the subject. Requests, calls and flights are numbered from 1. */
export type Happening =
  | { what: 'called'; call: number; through: Through; url?: string; body?: string; rejected?: string }
  | { what: 'given up'; call: number }
  | { what: 'ended'; call: number; as: Ending }
  | { what: 'misdelivered'; call: number; events: string }
  | { what: 'token requested'; request: number; flight: number; refreshToken: string | undefined }
  | { what: 'token answered'; request: number; answer: GrantResponse['kind']; outcome: TokenOutcome }
  | { what: 'flight aborted'; flight: number; reason: string }
  | { what: 'revocation requested' }
  /** `byFetch`: no doing of the subject's, but a redirect that the fetch below follows with the headers that it was given. */
  | { what: 'dispatched'; request: number; call: number; hop: number; url: string; tokens: string[]; byFetch: boolean }
  | { what: 'body read'; request: number; text: string; whole: boolean }
  | { what: 'answered'; request: number; answer: ApiResponse; status: number; refused: boolean }
  | { what: 'finished'; request: number; text: string; broken: boolean }
  | { what: 'request aborted'; request: number; reason: string }
  | { what: 'revoked'; token: string }
  | { what: 'waited'; milliseconds: number }
  | { what: 'jumped'; milliseconds: number }
  | { what: 'slept'; milliseconds: number }
  | { what: 'outage'; begins: boolean }
  | { what: 'invalidated' }
  | { what: 'reset' }
  | { what: 'close called'; revoke: boolean }
  | { what: 'closed'; error?: string }
  /** All promises have had their turn: whatever was going to happen at once has happened. */
  | { what: 'turn' }
  /** From here on nothing is refused, cut or kept waiting: every call can end. */
  | { what: 'epilogue' }
  /** The subject threw where nothing may be thrown, or goes round in circles. */
  | { what: 'broke'; error: string }
  | { what: 'aftermath'; timers: number; listeners: number[]; openCalls: number[] }

export type Event = Happening & { readonly at: Instant }

export type EventOf<What extends Happening['what']> = Extract<Event, { what: What }>

/** What was seen of one history, for the invariants to judge. */
export interface Recording {
  readonly settings: Settings
  readonly events: readonly Event[]
}

/** So many events mean that something goes round in circles. */
const ENDLESS = 2_000

/** Writes down what happens, each with the moment on both clocks. */
export class Recorder implements Recording {
  readonly settings: Settings
  readonly events: Event[] = []
  readonly #clock: { now(): number; monotonic(): number }

  constructor(settings: Settings, clock: { now(): number; monotonic(): number }) {
    this.settings = settings
    this.#clock = clock
  }

  /** Ends the history. */
  break(error: unknown): void {
    this.#add({ what: 'broke', error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }

  note(happening: Happening): void {
    if (this.events.length >= ENDLESS) throw new Error(`There is no end to it: ${ENDLESS} events`)
    this.#add(happening)
  }

  #add(happening: Happening): void {
    const at = { wall: this.#clock.now(), monotonic: this.#clock.monotonic() }
    this.events.push(Object.assign(happening, { at }))
  }
}

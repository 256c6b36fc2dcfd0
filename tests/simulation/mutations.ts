/** A way to break the subject, and the promise that must be seen broken then. */
export interface Mutation {
  readonly name: string
  /** Within src. */
  readonly file: string
  /** Occurs there exactly once. */
  readonly text: string
  readonly becomes: string
  /** The beginning of the promise, or of each that may be seen broken first. */
  readonly breaks: string | readonly string[]
}

const MANAGER = 'token/token-manager.ts'
const REQUEST = 'http/bearer-request.ts'
const ATTEMPT = 'http/bearer-attempt.ts'
const VERDICT = 'http/unauthorized-verdict.ts'

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'each caller has a flight of its own',
    file: MANAGER,
    text: 'const flight = this.#flight ?? this.#startFlight(',
    becomes: 'const flight = this.#startFlight(',
    breaks: 'One token request',
  },
  {
    name: 'a flight that was forgotten clears the slot of the one that came after it',
    file: MANAGER,
    text: 'this.#generation += 1',
    becomes: 'this.#generation += 1; this.#flight = undefined',
    breaks: ['One token request', 'Nothing is left running after close'],
  },
  {
    name: 'the flight ends with the signal of one who waits for it',
    file: 'token/flight.ts',
    text: 'return await (signal === undefined ? this.#landed : abortable(this.#landed, signal))',
    becomes: `try { return await (signal === undefined ? this.#landed : abortable(this.#landed, signal)) }
      catch (error) { if (signal?.aborted) this.abort(error); throw error }`,
    breaks: 'A caller that gives up',
  },
  {
    name: 'the token of a flight that was invalidated is stored',
    file: MANAGER,
    text: 'if (this.#closing || generation !== this.#generation) {',
    becomes: 'if (this.#closing) {',
    breaks: 'After invalidate()',
  },
  {
    name: 'age by the wall clock alone, which is set back',
    file: 'base/clock.ts',
    text: 'return Math.max(clock.monotonic() - then.monotonic, clock.now() - then.wall)',
    becomes: 'return clock.now() - then.wall',
    breaks: ['No request leaves', 'A living token'],
  },
  {
    name: 'age by the monotonic clock alone, which stands still while the machine sleeps',
    file: 'base/clock.ts',
    text: 'return Math.max(clock.monotonic() - then.monotonic, clock.now() - then.wall)',
    becomes: 'return clock.monotonic() - then.monotonic',
    breaks: 'No request leaves',
  },
  {
    name: 'a token that has expired is served while the server is down',
    file: MANAGER,
    text: 'else if (isExpired(schedule, age) || this.#coolDown.remaining() === 0) return undefined',
    becomes: 'else if (this.#coolDown.remaining() === 0) return undefined',
    breaks: 'No request leaves',
  },
  {
    name: 'no cool-down',
    file: 'token/cool-down.ts',
    text: 'this.pause(retryAfter)',
    becomes: '',
    breaks: 'A server that failed',
  },
  {
    name: 'Retry-After is not read',
    file: 'token/cool-down.ts',
    text: 'Math.max(growing, Math.min(error.retryAfter ?? 0, MAX_RETRY_AFTER))',
    becomes: 'growing',
    breaks: 'A server that failed',
  },
  {
    name: 'a flight tries as often as it likes',
    file: MANAGER,
    text: 'tries: this.#coolDown.isFailing ? 1 : TRIES',
    becomes: 'tries: Infinity',
    breaks: 'A flight tries',
  },
  {
    name: 'a credential that may be spent is sent once more',
    file: 'token/request-tokens.ts',
    text: 'const isUsedUp = !grant.repeatable && error.requestSent',
    becomes: 'const isUsedUp = false',
    breaks: 'A flight tries',
  },
  {
    name: 'no pause for an API that refuses new tokens as well',
    file: MANAGER,
    text: 'if (pause > 0) throw rejectedError(pause)',
    becomes: '',
    breaks: ['An API that refuses', 'Nothing is thrown that nobody can catch'],
  },
  {
    name: 'a late 401 exchanges the token that is current',
    file: MANAGER,
    text: 'const isRejected = rejected !== undefined && held !== undefined && held.token.equals(rejected)',
    becomes: 'const isRejected = rejected !== undefined && held !== undefined',
    breaks: ['The server is asked', 'A living token'],
  },
  {
    name: 'bearer stamps whatever it is given',
    file: 'http/bearer.ts',
    text: 'if (!settings.allowed.has(origin)) {',
    becomes: 'if (false) {',
    breaks: 'The token goes to the listed origins',
  },
  {
    name: 'createFetch stamps whatever it is given',
    file: 'http/create-fetch.ts',
    text: 'if (!settings.allowed.has(origin)) {',
    becomes: 'if (false) {',
    breaks: 'The token goes to the listed origins',
  },
  {
    name: 'a 401 that says nothing of the token is replayed too',
    file: VERDICT,
    text: "return rejectsToken(challenges, tokenType) ? verdictOnRejection(state) : 'return'",
    becomes: 'return verdictOnRejection(state)',
    breaks: ['A request is sent again', 'The server is asked'],
  },
  {
    name: 'a request is sent again after whatever it is answered',
    file: REQUEST,
    text: 'if (status !== UNAUTHORIZED) return undefined',
    becomes: 'if (status !== UNAUTHORIZED && status !== 503) return undefined',
    breaks: ['A request is sent again', 'The server is asked'],
  },
  {
    name: 'every 401 is replayed',
    file: VERDICT,
    text: "return replays < MAX_REPLAYS && isRepeatable ? 'replay' : 'report'",
    becomes: "return isRepeatable ? 'replay' : 'report'",
    breaks: 'A request is sent again',
  },
  {
    name: 'the replay goes out with the token that was refused',
    file: REQUEST,
    text: 'this.#send(token, proof)',
    becomes: 'this.#send(attempt.token, proof)',
    breaks: ['A refused token', 'A request is sent again'],
  },
  {
    name: 'the replay goes out with a token from before the wait for the rest of the 401',
    file: REQUEST,
    text: 'return unlessAborted(latestToken(this.#source, rejected, signal), signal)',
    becomes: 'return token',
    breaks: ['A refused token', 'No request leaves', 'After invalidate()'],
  },
  {
    name: 'a stream is sent again although it has been read',
    file: 'http/request-body.ts',
    text: 'if (!isOneShot(body)) return',
    becomes: 'if (true) return',
    breaks: 'A request is sent again',
  },
  {
    name: 'a body that is sent no further ends as if it were whole',
    file: 'http/tee.ts',
    text: 'this.#check(turn)\n        if (',
    becomes: 'if (turn !== this.#turn) return\n        if (',
    breaks: 'A request is sent again',
  },
  {
    name: 'an answer that was held back ends twice for its caller',
    file: ATTEMPT,
    text: 'else this.#caller.onResponseEnd(trailers)',
    becomes: 'this.#caller.onResponseEnd(trailers)',
    breaks: 'Every call ends exactly once',
  },
  {
    name: 'the refresh token that took the place of another is dropped',
    file: 'token/request-tokens.ts',
    text: 'set.refreshToken ?? previous?.refreshToken',
    becomes: 'previous?.refreshToken ?? set.refreshToken',
    breaks: 'A rotated refresh token',
  },
  {
    name: 'close leaves the timer of the next refresh',
    file: MANAGER,
    text: 'async #close(): Promise<void> {\n    this.#timer?.clear()',
    becomes: 'async #close(): Promise<void> {',
    breaks: 'Nothing is left running',
  },
  {
    name: 'close does not revoke what it was told to',
    file: MANAGER,
    text: 'if (revoke) await this.#revocation.run((work) => new Flight(work, this.#flightOptions))',
    becomes: '',
    breaks: 'close({ revoke: true })',
  },
  {
    name: 'a server that is left alone is told of as a manager that was closed',
    file: MANAGER,
    text: 'throw unavailableError(coolDown, this.#coolDown.error)',
    becomes: 'throw closedError()',
    breaks: 'Every call ends exactly once',
  },
  {
    name: 'close lets a flight go on',
    file: MANAGER,
    text: 'else this.#flight?.abort(closedError())',
    becomes: '',
    breaks: 'Nothing is left running',
  },
  {
    name: 'a listener stays on the signal of a caller that has been served',
    file: 'base/abort-listeners.ts',
    text: "signal.removeEventListener('abort', listener)",
    becomes: '',
    breaks: 'No listener',
  },
  {
    name: 'a cool-down outlasts the token that serves',
    file: 'token/cool-down.ts',
    text: 'const growing = Math.min(growth, longest)',
    becomes: 'const growing = growth',
    breaks: 'No call fails while a valid token exists',
  },
  {
    name: 'the same token again is a failure, and has a cool-down',
    file: MANAGER,
    text: 'if (this.#coolDown.isFailing) this.#coolDown.reset()',
    becomes: `if (this.#held?.token.equals(held.token)) this.#coolDown.pause(this.#coolDown.grow({ first: 5_000, max: 60_000 }))
      else this.#coolDown.reset()`,
    breaks: ['No call fails while a valid token exists', 'A flight tries three times', 'Every call ends'],
  },
  {
    name: 'the refresh token of a response that is rejected is lost',
    file: 'token/request-tokens.ts',
    text: 'if (rescued !== undefined) memory.keep(rescued.set, previous)',
    becomes: '',
    breaks: 'A rotated refresh token is never lost',
  },
]

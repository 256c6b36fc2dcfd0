import { interceptors } from 'undici'
import { TokenManager } from '../../src/token/token-manager.js'
import { bearer } from '../../src/http/bearer.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { ScriptedApi } from './api.js'
import { REFUSED, URLS } from './api-answers.js'
import { ScriptedAuthorizationServer } from './authorization-server.js'
import { Callers, MAX_REPLAY_BYTES } from './callers.js'
import type { GrantResponse, History, Step, Wait } from './history.js'
import { Recorder } from './record.js'
import type { Recording } from './record.js'
import { WatchedClock } from './watched-clock.js'

/** A prompt server may be asked every few seconds: a long wait ends early then. */
const MAX_TIMERS = 10

const GOOD: GrantResponse = { kind: 'token', lifetime: 3_600_000, rotates: true }

/** A manager, the interceptor and the fetch, between scripted callers above and scripted servers below. */
class World {
  readonly record: Recorder
  readonly #clock: WatchedClock
  readonly #server: ScriptedAuthorizationServer
  readonly #api: ScriptedApi
  readonly #manager: TokenManager
  readonly #callers: Callers

  constructor({ settings }: History) {
    let dice = 0
    const random = () => settings.chance[dice++ % settings.chance.length]! / 1_000
    const clock = (this.#clock = new WatchedClock({ random }))
    const record = (this.record = new Recorder(settings, clock))
    this.#server = new ScriptedAuthorizationServer(record, clock)
    this.#api = new ScriptedApi(record, this.#server, clock)
    const { refresh, timeout } = settings
    const tokens = (this.#manager = new TokenManager(this.#server, { refresh, timeout, clock }))
    const byBody = { isTokenRejected: (_: object, body: string) => body.includes(REFUSED) }
    const options = {
      origins: [URLS.a, URLS.b],
      maxReplayBytes: MAX_REPLAY_BYTES,
      unlisted: 'pass' as const,
      clock,
      ...(settings.verdict === 'body' && byBody),
    }
    const stamped = bearer(tokens, options)(this.#api.dispatch)
    const dispatch = interceptors.redirect({ maxRedirections: 3 })(stamped)
    const fetch = createFetch(tokens, { ...options, fetch: this.#api.fetch })
    this.#callers = new Callers({ tokens, dispatch, fetch }, record)
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'call':
        this.#callers.call(step)
        break
      case 'report': {
        const { minted } = this.#server
        if (minted.length > 0) this.#callers.report(minted.at(-1 - (step.which % minted.length))!.token, step.signal)
        break
      }
      case 'give up':
        this.#callers.giveUp(step.which)
        break
      case 'grant answers': {
        const { open } = this.#server
        if (open.length > 0) this.#server.answer(open[step.which % open.length]!, step.answer)
        break
      }
      case 'API answers': {
        const { open } = this.#api
        const request = open[step.which % open.length]
        if (request === undefined) return
        if (step.reads) await this.#read(request)
        if (open.includes(request)) request.answer(step.answer, step.part)
        break
      }
      case 'revoke': {
        const { minted } = this.#server
        if (minted.length > 0) this.#api.revoke(minted.at(-1 - (step.which % minted.length))!.token.reveal())
        break
      }
      case 'wait':
        await this.#wait(this.#lengthOf(step.until))
        break
      case 'jump':
        await this.#turn()
        this.record.note({ what: 'jumped', milliseconds: step.by })
        this.#clock.jump(step.by)
        break
      case 'sleep':
        await this.#turn()
        this.record.note({ what: 'slept', milliseconds: step.by })
        this.#clock.sleep(step.by)
        break
      case 'outage':
        if (this.#server.down !== step.begins) this.record.note({ what: 'outage', begins: step.begins })
        this.#server.down = step.begins
        break
      case 'invalidate':
        this.record.note({ what: 'invalidated' })
        this.#manager.invalidate()
        break
      case 'reset':
        this.record.note({ what: 'reset' })
        this.#manager.reset()
        break
      case 'close':
        this.#close(step.revoke)
    }
    if (step.soon === 0) await this.#turn()
    else for (let depth = 0; depth < step.soon; depth++) await Promise.resolve()
  }

  /** Nothing is refused or kept waiting any more, so that every call ends; then the manager is closed, and a day goes by. */
  async end(): Promise<void> {
    await this.#turn()
    this.record.note({ what: 'epilogue' })
    this.#server.down = false
    for (let round = 0; round < 100 && !this.#isQuiet(); round++) {
      for (const request of [...this.#server.open]) this.#server.answer(request, GOOD)
      await this.#turn()
      for (const request of [...this.#api.open]) {
        await this.#read(request)
        request.answer('as it should', 'whole')
        await this.#turn()
      }
      if (this.#server.open.length > 0 || this.#api.open.length > 0) continue
      if (this.#callers.open.length === 0) break
      if (this.#clock.untilNextTimer === undefined) break
      await this.#wait(this.#lengthOf('next timer'))
    }
    this.#close(false)
    await this.#turn()
    for (const request of [...this.#server.open]) this.#server.answer(request, GOOD)
    await this.#turn()
    await this.#wait(24 * 3_600_000)
    const openCalls = this.#callers.open.map(({ number }) => number)
    const timers = this.#clock.pendingTimers
    this.record.note({ what: 'aftermath', timers, listeners: this.#callers.listeners(), openCalls })
  }

  #isQuiet(): boolean {
    return this.#callers.open.length + this.#server.open.length + this.#api.open.length === 0
  }

  #close(revoke: boolean): void {
    this.record.note({ what: 'close called', revoke })
    this.#manager.close({ revoke }).then(
      () => this.record.note({ what: 'closed' }),
      (error: unknown) => this.record.note({ what: 'closed', error: String(error) }),
    )
  }

  async #read(request: { readBody(): Promise<void> }): Promise<void> {
    void request.readBody()
    await this.#turn()
  }

  /** Time goes by only between turns of the event loop: while promises have their turn, the clocks stand still. */
  async #wait(milliseconds: number): Promise<void> {
    await this.#turn()
    const end = this.#clock.monotonic() + milliseconds
    for (let timers = 0; timers < MAX_TIMERS; timers++) {
      const left = end - this.#clock.monotonic()
      const step = Math.min(Math.ceil(this.#clock.untilNextTimer ?? Infinity), left)
      this.record.note({ what: 'waited', milliseconds: step })
      await this.#clock.advance(step)
      await this.#turn()
      if (step === left) break
    }
  }

  #lengthOf(wait: Wait): number {
    if (typeof wait === 'number') return wait
    const last = this.#server.minted.at(-1)
    const until = wait.endsWith('timer') ? this.#clock.untilNextTimer : last && this.#server.remaining(last)
    if (until === undefined || until === Infinity) return 1
    return Math.max(0, Math.ceil(until) - (wait.startsWith('before') ? 1 : 0))
  }

  /** Until everything that can happen at once has happened. */
  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    const { prompt } = this.record.settings
    if (prompt !== undefined) {
      while (this.#server.open.length > 0) {
        const [request] = this.#server.open
        this.#server.answer(request!, this.#server.byHabit(prompt))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    this.record.note({ what: 'turn' })
  }
}

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => void unhandled.push(error))

/** Lets a history happen, and writes it down. */
export async function live(history: History): Promise<Recording> {
  const world = new World(history)
  const firstUnhandled = unhandled.length
  try {
    for (const step of history.steps) await world.take(step)
    await world.end()
  } catch (error) {
    world.record.break(error)
  }
  for (const error of unhandled.slice(firstUnhandled)) world.record.break(error)
  return world.record
}

import { setTimeout as delay } from 'node:timers/promises'

import { fetch, request } from 'undici'
import type { Dispatcher } from 'undici'
import { TokenError, bearer, createFetch } from '../../src/index.js'
import type { Clock, TokenManager } from '../../src/index.js'
import { pick } from './chance.js'

const LOOPS = 64
/** Milliseconds that a caller stays away after a failure. */
const BREATH = 50

/** Of a hundred requests. */
const KINDS = { get: 84, post: 5, stream: 3, fetch: 4, aborted: 4 }
const PATHS = { '/': 960, '/late': 20, '/slow': 20, '/broken': 1 }
const SHARED_SIGNAL = 0.1
/** When a caller gives up: it had done so before, at once, a little later, when the body begins. */
const MOMENTS = { before: 1, 'at once': 1, later: 2, 'in the body': 1 }

interface Call {
  path: string
  body: string | undefined
  stream: boolean
  signal: AbortSignal | undefined
  /** Told when the answer's body begins. */
  onBody: () => void
}

type Failure = Error & { code?: string | number; cause?: { code?: string } }

/** How many requests ended how: `ok`, `aborted`, `wrong answer`, an error's code, or `http 401`. */
export type Outcomes = Readonly<Record<string, number>>

/** Many callers of one API through one manager, each with one request at a time. Some give up, some fail; all go on. */
export class Load {
  started = 0
  ended = 0
  readonly outcomes: Record<string, number> = {}
  readonly #api: string
  /** One for many requests: nothing of them may stay with it. */
  readonly #sharedSignal: AbortSignal
  readonly #tokens: TokenManager
  readonly #chance: () => number
  readonly #dispatcher: Dispatcher
  readonly #fetch: typeof globalThis.fetch
  #left = 0

  constructor(options: {
    api: string
    tokens: TokenManager
    agent: Dispatcher
    clock: Clock
    chance: () => number
    sharedSignal: AbortSignal
  }) {
    const { api, tokens, agent, clock, chance, sharedSignal } = options
    this.#api = api
    this.#tokens = tokens
    this.#chance = chance
    this.#sharedSignal = sharedSignal
    const settings = { origins: [api], clock }
    this.#dispatcher = agent.compose(bearer(tokens, settings))
    const underneath = (input: never, init: object) => fetch(input, { ...init, dispatcher: agent })
    this.#fetch = createFetch(tokens, { ...settings, fetch: underneath as never })
  }

  /** Sends so many requests, and comes back when all have ended. */
  async send(requests: number): Promise<void> {
    this.#left = requests
    await Promise.all(Array.from({ length: LOOPS }, () => this.#loop()))
  }

  /** Whether a request is answered well within so many milliseconds, however many are not before it. */
  async recovers(milliseconds: number): Promise<boolean> {
    for (const end = Date.now() + milliseconds; Date.now() < end; await delay(BREATH)) {
      const call = { path: '/', body: undefined, stream: false, signal: undefined, onBody: nothing }
      const outcome = await this.#byRequest(call).catch((error: unknown) => this.#learn(error as Failure))
      if (outcome === 'ok') return true
    }
    return false
  }

  async #loop(): Promise<void> {
    while (this.#left > 0) {
      this.#left -= 1
      this.started += 1
      const outcome = await this.#one().catch((error: unknown) => this.#learn(error as Failure))
      this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1
      this.ended += 1
      if (outcome !== 'ok' && outcome !== 'aborted') await delay(BREATH)
    }
  }

  #learn(error: Failure): string {
    if (error.name === 'AbortError') return 'aborted'
    // Somebody mends what will not mend itself, and says so.
    if (error instanceof TokenError && !error.retryable) this.#tokens.reset()
    return String(error.code ?? error.cause?.code ?? error.name)
  }

  async #one(): Promise<string> {
    const kind = pick(KINDS, this.#chance)
    if (kind === 'aborted') return this.#aborted()
    const signal = this.#chance() < SHARED_SIGNAL ? this.#sharedSignal : undefined
    const body = kind === 'get' ? undefined : 'x'.repeat(this.#chance() * 2_000)
    const call = { path: pick(PATHS, this.#chance), body, stream: kind === 'stream', signal, onBody: nothing }
    return kind === 'fetch' ? this.#byFetch(call) : this.#byRequest(call)
  }

  async #aborted(): Promise<string> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    const moment = pick(MOMENTS, this.#chance)
    const path = moment === 'in the body' ? '/slow' : pick({ '/': 1, '/late': 1 }, this.#chance)
    const onBody = moment === 'in the body' ? abort : nothing
    const body = this.#chance() < 0.3 ? 'x' : undefined
    if (moment === 'before') abort()
    const call = { path, body, stream: this.#chance() < 0.5, signal: controller.signal, onBody }
    const work = this.#chance() < 0.2 ? this.#byFetch(call) : this.#byRequest(call)
    if (moment === 'at once') abort()
    const timer = setTimeout(moment === 'later' ? abort : nothing, this.#chance() * 4)
    try {
      return await work
    } finally {
      clearTimeout(timer)
    }
  }

  async #byRequest({ path, body, stream, signal, onBody }: Call): Promise<string> {
    const response = await request(this.#api + path, {
      dispatcher: this.#dispatcher,
      method: body === undefined ? 'GET' : 'POST',
      body: (stream && body !== undefined ? chunks(body) : body) as never,
      signal,
    })
    let text = ''
    for await (const chunk of response.body) {
      onBody()
      text += String(chunk)
    }
    return judge(response.statusCode, text, path, body)
  }

  async #byFetch({ path, body, signal, onBody }: Call): Promise<string> {
    const method = body === undefined ? 'GET' : 'POST'
    const response = await this.#fetch(this.#api + path, { method, body: body ?? null, signal: signal ?? null })
    onBody()
    return judge(response.status, await response.text(), path, body)
  }
}

function judge(status: number, text: string, path: string, body = ''): string {
  if (status !== 200) return `http ${status}`
  return text === `${path} ${body.length}` ? 'ok' : 'wrong answer'
}

async function* chunks(body: string): AsyncGenerator<Buffer> {
  for (let i = 0; i < body.length; i += 500) yield Buffer.from(body.slice(i, i + 500))
}

function nothing(): void {
  // Most callers do not give up.
}

import { getEventListeners } from 'node:events'
import type { Dispatcher } from 'undici'
import { EverbearerError } from '../../src/base/errors.js'
import type { AccessToken } from '../../src/token/access-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { RecordingHandler } from '../http/recording-handler.js'
import { URLS } from './api-answers.js'
import type { Body, Step } from './history.js'
import type { Ending, Recorder } from './record.js'

/** Above the subject: a source of tokens, a dispatcher and a fetch, as a program has them. */
export interface Subject {
  readonly tokens: TokenSource
  readonly dispatch: Dispatcher.Dispatch
  readonly fetch: typeof globalThis.fetch
}

interface Call {
  readonly number: number
  giveUp?(reason: GivenUp): void
}

class GivenUp extends Error {
  readonly call: number

  constructor(call: number) {
    super(`call ${call} was given up`)
    this.call = call
  }
}

/** Those who call, who may lose patience, and who write down how each call ended. */
export class Callers {
  /** Calls that have not ended. */
  readonly open: Call[] = []
  readonly #subject: Subject
  readonly #record: Recorder
  readonly #signals: AbortSignal[] = []
  #calls = 0

  constructor(subject: Subject, record: Recorder) {
    this.#subject = subject
    this.#record = record
  }

  call(step: Step & { do: 'call' }): void {
    const number = ++this.#calls
    const { through } = step
    if (through === 'getToken') return this.#getToken(number, step.signal)
    const url = `${URLS[step.to]}/${number}/0`
    const chunks = chunksOf(step.body, number)
    const body = chunks.length === 0 ? {} : { body: chunks.join('') }
    this.#record.note({ what: 'called', call: number, through, url: URLS[step.to], ...body })
    if (through === 'bearer') this.#dispatch(number, url, step.body, chunks)
    else this.#fetch(number, url, step.body, chunks, step.signal)
  }

  /** Somebody who carries the token by other means was refused, and asks for another. */
  report(rejected: AccessToken, signal: boolean): void {
    this.#getToken(++this.#calls, signal, rejected)
  }

  giveUp(which: number): void {
    const impatient = this.open.filter((call) => call.giveUp)
    const call = impatient[which % impatient.length]
    if (call === undefined) return
    this.#record.note({ what: 'given up', call: call.number })
    call.giveUp?.(new GivenUp(call.number))
    delete call.giveUp
  }

  /** How many listeners are left on the signals of each call. */
  listeners(): number[] {
    return this.#signals.map((signal) => getEventListeners(signal, 'abort').length)
  }

  #getToken(number: number, wantsSignal: boolean, rejected?: AccessToken): void {
    const call: Call = { number }
    const signal = wantsSignal ? this.#signalOf(call) : undefined
    this.open.push(call)
    const name = rejected?.reveal()
    this.#record.note({
      what: 'called',
      call: number,
      through: 'getToken',
      ...(name !== undefined && { rejected: name }),
    })
    this.#subject.tokens.getToken({ signal, rejected }).then(
      (token) => this.#end(call, { token: token.reveal() }),
      (error: unknown) => this.#end(call, endingOf(error)),
    )
  }

  #dispatch(number: number, url: string, kind: Body, chunks: string[]): void {
    const { origin, pathname } = new URL(url)
    const handler = new CallHandler()
    const call: Call = { number, giveUp: (reason) => handler.giveUp(reason) }
    this.open.push(call)
    handler.react = (event) => {
      if (event === 'end') this.#end(call, { status: handler.status!, text: handler.text })
      if (event === 'error') this.#end(call, endingOf(handler.error))
      if (handler.violations.length > 0) {
        this.#record.note({ what: 'misdelivered', call: number, events: handler.violations.at(-1)! })
      }
    }
    const body = kind === 'none' ? null : kind === 'text' ? chunks.join('') : stream(chunks)
    const options = { origin, path: pathname, method: kind === 'none' ? 'GET' : 'POST', headers: {}, body }
    try {
      this.#subject.dispatch(options as unknown as Dispatcher.DispatchOptions, handler)
    } catch (error) {
      this.#end(call, endingOf(error))
    }
  }

  #fetch(number: number, url: string, kind: Body, chunks: string[], wantsSignal: boolean): void {
    const call: Call = { number }
    const signal = wantsSignal ? this.#signalOf(call) : null
    this.open.push(call)
    const body = kind === 'none' ? null : kind === 'text' ? chunks.join('') : (stream(chunks) as unknown as string)
    const init = { method: kind === 'none' ? 'GET' : 'POST', body, signal, duplex: 'half' } as RequestInit
    this.#subject
      .fetch(url, init)
      .then(async (response) => this.#end(call, { status: response.status, text: await response.text() }))
      .catch((error: unknown) => this.#end(call, endingOf(error)))
  }

  #signalOf(call: Call): AbortSignal {
    const controller = new AbortController()
    call.giveUp = (reason) => controller.abort(reason)
    this.#signals.push(controller.signal)
    return controller.signal
  }

  #end(call: Call, as: Ending): void {
    const place = this.open.indexOf(call)
    if (place >= 0) this.open.splice(place, 1)
    this.#record.note({ what: 'ended', call: call.number, as })
  }
}

/** As undici's own request does: an abort that comes before its request is on a socket is kept until then. */
class CallHandler extends RecordingHandler {
  #reason: Error | undefined

  giveUp(reason: Error): void {
    this.#reason = reason
    this.controller?.abort(reason)
  }

  override onRequestStart(controller: Dispatcher.DispatchController, context: { history?: unknown[] }): void {
    // A redirect starts once more.
    if (this.controller && context.history?.length) this.controller = controller
    else super.onRequestStart(controller, context)
    if (this.#reason) controller.abort(this.#reason)
  }
}

function endingOf(error: unknown): Ending {
  if (error instanceof GivenUp) return { givenUp: error.call }
  if (error instanceof EverbearerError) return { error: error.code }
  return { error: error instanceof Error ? error.message : String(error) }
}

/** Short enough to be sent again by {@link MAX_REPLAY_BYTES}, or long. */
function chunksOf(body: Body, call: number): string[] {
  switch (body) {
    case 'none':
      return []
    case 'text':
    case 'stream':
      return [`to ${call} `, 'and end']
    case 'long stream':
      return [`to ${call} `, 'and on ', 'and on ', 'and end']
  }
}

export const MAX_REPLAY_BYTES = 16

async function* stream(chunks: string[]) {
  yield* chunks.map((chunk) => Buffer.from(chunk))
}

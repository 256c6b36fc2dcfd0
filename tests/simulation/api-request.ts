import { ReadableStream } from 'node:stream/web'
import type { ReadableStreamDefaultController } from 'node:stream/web'
import type { Dispatcher } from 'undici'
import { REFUSED } from './api-answers.js'
import type { Head } from './api-answers.js'
import type { ScriptedApi } from './api.js'
import type { ApiResponse, Part } from './history.js'
import { deferred } from '../waiting.js'

type Chunk = string | Uint8Array

/** One request on its way to the API and back, whatever carries it. The path says whose it is: `/call/hop`. */
export abstract class ApiRequest {
  readonly number: number
  readonly url: URL
  readonly call: number
  readonly hop: number
  /** What stands in its `Authorization` headers, without the scheme. */
  abstract readonly tokens: string[]
  /** Whether a fetch sends it by itself, following a redirect. */
  abstract readonly byFetch: boolean
  protected readonly api: ScriptedApi
  protected head: Head | undefined
  protected over = false
  #isStarted = false
  #reading: { first: Promise<IteratorResult<Chunk>>; rest: AsyncIterator<Chunk> } | undefined

  constructor(api: ScriptedApi, number: number, url: URL) {
    this.api = api
    this.number = number
    this.url = url
    const [, call, hop] = url.pathname.split('/')
    this.call = Number(call)
    this.hop = Number(hop)
  }

  /** Reads what was sent as a body, as far as it comes. */
  async readBody(): Promise<void> {
    this.#begin()
    const reading = this.#reading
    this.#reading = undefined
    if (reading === undefined) return
    let text = ''
    let whole = true
    try {
      for (let chunk = await reading.first; !chunk.done; chunk = await reading.rest.next()) {
        if (this.over) return
        text += Buffer.from(chunk.value as string).toString()
      }
    } catch {
      whole = false
    }
    if (!this.over) this.api.record.note({ what: 'body read', request: this.number, text, whole })
  }

  /** Goes on with the answer: its start, its head, or all that is left of it. */
  answer(answer: ApiResponse, part: Part): void {
    if (answer === 'cut') return this.#cut()
    this.#begin()
    if (part === 'start' || this.over) return
    if (this.head === undefined) {
      this.head = this.api.headOf(answer, this)
      const { status, refuses = false } = this.head
      this.api.record.note({ what: 'answered', request: this.number, answer, status, refused: refuses })
      this.sendHead(this.head, part === 'whole')
    }
    if (part !== 'whole' || this.over) return
    this.leave()
    this.api.record.note({ what: 'finished', request: this.number, broken: false, text: this.text(this.head) })
    this.sendRest(this.head)
  }

  /** It is on a socket now: the first piece of its body is asked for, whether its server reads on or not. */
  #begin(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.start()
    if (this.over || this.body == null) return
    const rest = iteratorOf(this.body as string | AsyncIterable<Chunk>)
    const first = rest.next()
    first.catch(() => undefined)
    this.#reading = { first, rest }
  }

  #cut(): void {
    this.leave()
    this.api.record.note({ what: 'finished', request: this.number, broken: true, text: '' })
    this.sendBreak()
  }

  protected text({ refuses }: Head): string {
    return `answer ${this.number}${refuses ? `: ${REFUSED}` : ''}`
  }

  protected locationOf({ location }: Head): string {
    return `${location}/${this.call}/${this.hop + 1}`
  }

  protected leave(): void {
    this.over = true
    const { open } = this.api
    const place = open.indexOf(this)
    if (place >= 0) open.splice(place, 1)
  }

  protected noteAbort(reason: unknown): void {
    if (this.over) return
    this.leave()
    this.api.record.note({ what: 'request aborted', request: this.number, reason: (reason as Error).message })
  }

  protected abstract readonly body: unknown
  protected abstract start(): void
  protected abstract sendHead(head: Head, whole: boolean): void
  protected abstract sendRest(head: Head): void
  protected abstract sendBreak(): void
}

function iteratorOf(body: string | Uint8Array | AsyncIterable<Chunk>): AsyncIterator<Chunk> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body[Symbol.asyncIterator]()
  return (async function* () {
    yield body
  })()
}

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** Calls its handler as undici does: synchronously, and never again after an error or the end. */
export class DispatchedRequest extends ApiRequest {
  readonly byFetch = false
  readonly tokens: string[]
  protected readonly body: unknown
  readonly #handler: Handler
  #controller: Controller | undefined

  constructor(api: ScriptedApi, number: number, options: Dispatcher.DispatchOptions, handler: Handler) {
    super(api, number, new URL(options.path, options.origin))
    this.tokens = authorizations(options.headers)
    this.body = options.body
    this.#handler = handler
  }

  protected start(): void {
    const controller = { aborted: false, paused: false, reason: null as Error | null }
    this.#controller = Object.assign(controller, {
      pause: () => void (controller.paused = true),
      resume: () => void (controller.paused = false),
      abort: (reason: Error) => {
        if (this.over) return
        Object.assign(controller, { aborted: true, reason })
        this.noteAbort(reason)
        this.#handler.onResponseError?.(this.#controller!, reason)
      },
    })
    this.#call((controller) => this.#handler.onRequestStart?.(controller, {}))
  }

  protected sendHead(head: Head): void {
    const headers = {
      ...(head.challenge !== undefined && { 'www-authenticate': head.challenge }),
      ...(head.location !== undefined && { location: this.locationOf(head) }),
    }
    this.#call((controller) => this.#handler.onResponseStart?.(controller, head.status, headers, ''))
  }

  protected sendRest(head: Head): void {
    // It is not over for the handler yet: it may abort, or throw.
    this.over = false
    this.#call((controller) => this.#handler.onResponseData?.(controller, Buffer.from(this.text(head))))
    if (this.over) return
    this.over = true
    this.#handler.onResponseEnd?.(this.#controller!, {})
  }

  protected sendBreak(): void {
    this.#handler.onResponseError?.(this.#controller as Controller, new Error('connection lost'))
  }

  #call(callback: (controller: Controller) => void): void {
    try {
      callback(this.#controller!)
    } catch (error) {
      this.#controller?.abort(error as Error)
    }
  }
}

function authorizations(headers: Dispatcher.DispatchOptions['headers']): string[] {
  const pairs = Array.isArray(headers)
    ? headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]] as const] : []))
    : Object.entries((headers ?? {}) as Record<string, string>)
  return pairs.filter(([name]) => name.toLowerCase() === 'authorization').map(([, value]) => bare(String(value)))
}

function bare(authorization: string): string {
  return authorization.replace(/^Bearer /, '')
}

/** Does what a fetch does: follows redirects, without the token to another origin, and ends with its signal. */
export class FetchedRequest extends ApiRequest {
  readonly tokens: string[]
  readonly byFetch: boolean
  readonly response: Promise<Response>
  protected readonly body: unknown
  readonly #init: RequestInit
  readonly #settle: ReturnType<typeof deferred<Response>>
  readonly #onAbort = () => this.#abort()
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(api: ScriptedApi, number: number, url: URL, init: RequestInit, settle = deferred<Response>()) {
    super(api, number, url)
    this.#init = init
    this.byFetch = this.hop > 0
    this.body = init.body
    const authorization = new Headers(init.headers).get('authorization')
    this.tokens = authorization === null ? [] : [bare(authorization)]
    this.#settle = settle
    this.response = settle.promise
    if (init.signal?.aborted) queueMicrotask(this.#onAbort)
    else init.signal?.addEventListener('abort', this.#onAbort)
  }

  protected start(): void {
    // The fetch's caller sees nothing of it.
  }

  protected sendHead(head: Head, whole: boolean): void {
    if (head.location !== undefined) return this.#follow(this.locationOf(head))
    const body = whole
      ? this.text(head)
      : new ReadableStream<Uint8Array>({
          start: (controller) => void (this.#stream = controller),
          cancel: () => this.noteAbort(new Error('nobody reads on')),
        })
    const headers: [string, string][] = head.challenge === undefined ? [] : [['www-authenticate', head.challenge]]
    const response = new Response(body as string, { status: head.status, headers })
    Object.defineProperty(response, 'url', { value: this.url.href })
    Object.defineProperty(response, 'redirected', { value: this.hop > 0 })
    this.#settle.resolve(response)
  }

  protected sendRest(head: Head): void {
    this.#stream?.enqueue(Buffer.from(this.text(head)))
    this.#stream?.close()
  }

  protected sendBreak(): void {
    const error = new TypeError('connection lost')
    if (this.#stream) this.#stream.error(error)
    else this.#settle.reject(error)
  }

  protected override leave(): void {
    super.leave()
    this.#init.signal?.removeEventListener('abort', this.#onAbort)
  }

  #follow(location: string): void {
    this.leave()
    this.api.record.note({ what: 'finished', request: this.number, broken: false, text: '' })
    const url = new URL(location)
    const headers = new Headers(this.#init.headers)
    if (url.origin !== this.url.origin) headers.delete('authorization')
    const init = { ...this.#init, method: 'GET', body: null, headers }
    this.api.admit(new FetchedRequest(this.api, this.api.nextNumber(), url, init, this.#settle))
  }

  #abort(): void {
    if (this.over) return
    const reason = this.#init.signal?.reason as Error
    this.noteAbort(reason)
    if (this.#stream) this.#stream.error(reason)
    else this.#settle.reject(reason)
  }
}

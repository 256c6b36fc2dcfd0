import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Dispatcher } from 'undici'

type Controller = Dispatcher.DispatchController

/**
 * A dispatch handler that writes down what it is told and checks the order: a start before all else, one head before
 * data, and nothing after the one call that ends it.
 */
export class RecordingHandler implements Dispatcher.DispatchHandler {
  readonly events: string[] = []
  readonly violations: string[] = []
  readonly chunks: Buffer[] = []
  controller: Controller | undefined
  context: object | undefined
  status: number | undefined
  headers: IncomingHttpHeaders | undefined
  trailers: IncomingHttpHeaders | undefined
  error: Error | undefined
  socket: Duplex | undefined
  /** Called with each event's name, after it was written down: to abort, pause or throw there. */
  react: (event: string) => void = () => undefined
  #settle!: () => void
  readonly ended = new Promise<void>((resolve) => (this.#settle = resolve))

  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }

  onRequestStart(controller: Controller, context: object): void {
    this.controller = controller
    this.context = context
    this.#note('start', this.events.length === 0)
  }

  onRequestUpgrade(controller: Controller, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    this.status = status
    this.headers = headers
    this.socket = socket
    this.#note('upgrade', controller === this.controller)
    this.#settle()
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    this.status = status
    this.headers = headers
    this.#note('head', controller === this.controller && !this.#seen('head'))
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.chunks.push(chunk)
    this.#note('data', controller === this.controller && this.#seen('head'))
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    this.trailers = trailers
    this.#note('end', controller === this.controller && this.#seen('head'))
    this.#settle()
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.error = error
    this.#note('error', true)
    this.#settle()
  }

  #seen(event: string): boolean {
    return this.events.includes(event)
  }

  #note(event: string, inOrder: boolean): void {
    const ended = this.#seen('end') || this.#seen('error') || this.#seen('upgrade')
    this.events.push(event)
    if (ended || !inOrder) this.violations.push(this.events.join(' '))
    this.react(event)
  }
}

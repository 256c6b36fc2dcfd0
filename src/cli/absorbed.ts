import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import type { TelemetryEvents } from '../base/telemetry.js'

/** What went wrong on the way without anybody having to care, counted from the events that the library publishes. */
export class Absorbed {
  tokenRequests = 0
  tokensMinted = 0
  unauthorized = 0
  rateLimits = 0
  serverErrors = 0
  /** Pages that arrived, as undici saw them on the wire. */
  pages = 0

  readonly #pages: string
  readonly #listeners: readonly [channel: string, listener: (message: unknown) => void][] = [
    ['everbearer:token-request', () => (this.tokenRequests += 1)],
    ['everbearer:token-minted', () => (this.tokensMinted += 1)],
    ['everbearer:request-replayed', () => (this.unauthorized += 1)],
    ['everbearer:rate-limited', () => (this.rateLimits += 1)],
    [
      'everbearer:request-retried',
      (message) => this.#onRetried(message as TelemetryEvents['everbearer:request-retried']),
    ],
    ['undici:request:headers', (message) => this.#onHeaders(message as WireMessage)],
  ]

  /** `pages`: how the paths begin that pages come from. */
  constructor(pages: string) {
    this.#pages = pages
  }

  start(): void {
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener)
  }

  stop(): void {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener)
  }

  #onRetried({ code, status }: TelemetryEvents['everbearer:request-retried']): void {
    if (status === 401) this.unauthorized += 1
    else if (code === 'api_unreachable' || code === 'api_server_error') this.serverErrors += 1
  }

  #onHeaders({ request, response }: WireMessage): void {
    if (response.statusCode === 200 && request.path.startsWith(this.#pages)) this.pages += 1
  }
}

interface WireMessage {
  readonly request: { readonly path: string }
  readonly response: { readonly statusCode: number }
}

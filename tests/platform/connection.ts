import { afterEach } from '@jest/globals'
import { inspect } from 'node:util'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import { serve } from '../../src/testing/serve.js'
import type { FetchHandler } from '../../src/testing/serve.js'

/** Found in nothing but itself. */
export const CANARY = 'canary-b1a9e4d7c2'

/** One request, as it went to the wire. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** A dispatcher that remembers what went through it, and which secrets. */
export interface Wire {
  readonly dispatcher: Dispatcher
  readonly sent: Sent[]
  /** Every Authorization that was sent, without its scheme. */
  readonly secrets: Set<string>
}

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Closes it when the test is over. */
export function closeLater(closable: { close(): Promise<unknown> }): void {
  closing.push(() => closable.close())
}

export function wire(): Wire {
  const agent = new Agent()
  closing.push(() => agent.destroy())
  const sent: Sent[] = []
  const secrets = new Set<string>()
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const { method, path, body } = options
    const isJson = typeof body === 'string' && body.startsWith('{')
    sent.push({ method, path, body: isJson ? (JSON.parse(body) as unknown) : body })
    for (const [, secret] of JSON.stringify(options.headers ?? []).matchAll(/(?:Bearer|Basic) ([^"]+)"/gi)) {
      secrets.add(secret!)
    }
    return dispatch(options, handler)
  })
  return { dispatcher, sent, secrets }
}

/** The machine's clock, twenty times as fast, and without jitter: waits and time-outs keep their order. */
export function fastClock(): Clock {
  const began = { wall: systemClock.now(), monotonic: systemClock.monotonic() }
  const elapsed = () => 20 * (systemClock.monotonic() - began.monotonic)
  return {
    now: () => began.wall + elapsed(),
    monotonic: () => began.monotonic + elapsed(),
    setTimeout: (callback, delay) => systemClock.setTimeout(callback, delay / 20),
    random: () => 0,
  }
}

/** A line to a server, and the options of a client that uses it without minding its pace. */
export interface Line extends Wire {
  readonly pace: { readonly requestsPerMinute: number; readonly clock: Clock; readonly dispatcher: Dispatcher }
}

export function line(): Line {
  const own = wire()
  return { ...own, pace: { requestsPerMinute: Infinity, clock: fastClock(), dispatcher: own.dispatcher } }
}

/** A server that a test writes itself, and a line to it. */
export async function served(api: FetchHandler): Promise<Line & { readonly origin: string }> {
  const server = await serve(api)
  closeLater(server)
  return { ...line(), origin: server.origin }
}

/** Everything that an iteration hands out. */
export async function all<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = []
  for await (const row of rows) found.push(row)
  return found
}

/** The first so many rows of an iteration, which is then left. */
export async function first<Row>(count: number, rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = []
  for await (const row of rows) {
    found.push(row)
    if (found.length === count) break
  }
  return found
}

/** What the work throws. */
export async function errorOf<Thrown = Error>(work: (() => unknown) | Promise<unknown>): Promise<Thrown> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error as Thrown
  }
  throw new Error('nothing was thrown')
}

/** All that a log could come to hold of an error. */
export function everythingOf(error: Error): string {
  const { message, stack } = error
  return [message, stack, inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error)].join('\n')
}

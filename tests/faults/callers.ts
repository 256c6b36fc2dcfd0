import { expect } from '@jest/globals'
import { Agent } from 'undici'
import type { Clock } from '../../src/base/clock.js'
import { EverbearerError } from '../../src/base/errors.js'
import { bearer } from '../../src/http/bearer.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { apiError } from '../../src/client/api-response.js'
import { JsonClient } from '../../src/client/json-client.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { reachableText } from '../base/reachable.js'
import { kept, undiciFetch } from '../http/agents.js'

/** An answer, as far as a careful caller reads it. */
export interface Read {
  readonly status: number
  readonly text: string
}

/** Sends a GET with a token to an origin, and reads at most 1 MiB of its answer. */
export interface Caller {
  get(signal?: AbortSignal): Promise<Read>
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>
}

/** How it waits, and on how many connections. */
export type CallerOptions = Agent.Options & { clock?: Clock }

const MAX = 1024 * 1024

async function read(status: number, body: AsyncIterable<Uint8Array> | null): Promise<Read> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length >= MAX) break
  }
  return { status, text: Buffer.concat(chunks).toString('latin1') }
}

/** Every way to send a request. */
export const CALLERS = {
  'request with bearer': (origin: string, tokens: TokenSource, { clock, ...options }: CallerOptions = {}): Caller => {
    const agent = kept(new Agent(options))
    const dispatcher = agent.compose(bearer(tokens, { origins: [origin], ...(clock && { clock }) }))
    return {
      async get(signal) {
        const answer = await dispatcher.request({ origin, path: '/', method: 'GET', signal: signal ?? null })
        return read(answer.statusCode, answer.body)
      },
      close: () => agent.close(),
    }
  },
  createFetch: (origin: string, tokens: TokenSource, { clock, ...options }: CallerOptions = {}): Caller => {
    const agent = kept(new Agent(options))
    const fetch = createFetch(tokens, { origins: [origin], fetch: undiciFetch(agent), ...(clock && { clock }) })
    return {
      async get(signal) {
        const response = await fetch(origin, { signal: signal ?? null })
        return read(response.status, response.body)
      },
      close: () => agent.close(),
    }
  },
  'an endpoint client': (origin: string, tokens: TokenSource, { clock, ...options }: CallerOptions = {}): Caller => {
    const agent = kept(new Agent(options))
    const client = new JsonClient({
      apiUrl: origin,
      tokens,
      dispatcher: agent,
      concurrency: 8,
      requestsPerMinute: Infinity,
      patience: 0,
      clock,
      errorFrom: ({ status }, what) => apiError(status, `${what}: ${status}.`, {}),
    })
    return {
      async get(signal) {
        const value = await client.request('GET', '/', { signal })
        return { status: 200, text: typeof value }
      },
      close: () => agent.close(),
    }
  },
}

export type CallerName = keyof typeof CALLERS
export const EVERY_CALLER = Object.keys(CALLERS) as CallerName[]

/**
 * How a call ended: with a status, with a code of ours, given up by the caller, or with an error of undici's or fetch's.
 * No error may hold a token; those of these tests are named so.
 */
export async function endOf(got: Promise<Read>): Promise<unknown> {
  try {
    return (await got).status
  } catch (error) {
    expect(reachableText(error)).not.toMatch(/(old|new|good)-token/)
    if (error instanceof EverbearerError) return error.code
    return (error as Error).name === 'TimeoutError' ? 'given up' : 'failed'
  }
}

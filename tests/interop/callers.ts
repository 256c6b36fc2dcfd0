import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import type { TokenSource } from '../../src/index.js'
import { agent } from '../http/agents.js'

/** Sends a body to an API. */
export type Caller = (body: string) => Promise<{ status: number; text: string }>

/** Both ways of sending requests with a token from a source. */
export const CALLERS: Readonly<Record<'bearer' | 'createFetch', (tokens: TokenSource, origin: string) => Caller>> = {
  bearer(tokens, origin) {
    const dispatcher = agent(bearer(tokens, { origins: [origin] }))
    return async (body) => {
      const response = await request(origin, { method: 'POST', body, dispatcher })
      return { status: response.statusCode, text: await response.body.text() }
    }
  },
  createFetch(tokens, origin) {
    const fetch = createFetch(tokens, { origins: [origin] })
    return async (body) => {
      const response = await fetch(origin, { method: 'POST', body })
      return { status: response.status, text: await response.text() }
    }
  },
}

export const BOTH_CALLERS = ['bearer', 'createFetch'] as const

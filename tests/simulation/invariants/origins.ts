import { URLS } from '../api-answers.js'
import type { Invariant } from './invariant.js'

const LISTED: ReadonlySet<string> = new Set([URLS.a, URLS.b])

export const listedOriginsOnly: Invariant = ({ events }) => {
  for (const [event, happening] of events.entries()) {
    if (happening.what !== 'dispatched') continue
    const { request, url, tokens, byFetch } = happening
    if (!LISTED.has(url) && tokens.length > 0) {
      const why = `Request ${request} takes ${tokens.join(', ')} to ${url}.`
      return { promise: 'The token goes to the listed origins and nowhere else', why, event }
    }
    // Where fetch follows a redirect by itself, it is fetch that leaves the token out.
    if (LISTED.has(url) && !byFetch && !(tokens.length === 1 && /^t\d+$/.test(tokens[0]!))) {
      const why = `Request ${request} goes to ${url} with ${tokens.length === 0 ? 'no token' : tokens.join(', ')}.`
      return { promise: 'Nothing goes to a listed origin without its one token', why, event }
    }
  }
  return undefined
}

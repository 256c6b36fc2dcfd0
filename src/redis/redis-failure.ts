import { EverbearerError, TokenError } from '../base/errors.js'

/** What Redis puts before its complaints, such as `OOM command not allowed`; from within a script they come in other words. */
const REDIS_WORD =
  /\b(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|WRONGPASS|WRONGTYPE)\b/

/** How a script says it that may be run, and does what its user may not. */
const NO_PERMISSION = /The user executing the script can't|ACL failure in script/

/** Without the client's own words, which may quote what was to be stored. */
export function redisFailure(error: unknown): Error {
  if (error instanceof EverbearerError) return error
  const { message, code, name } = membersOf(error)
  const text = typeof message === 'string' ? message : ''
  const word = NO_PERMISSION.test(text) ? 'NOPERM' : REDIS_WORD.exec(text)?.[0]
  if (word === 'WRONGTYPE') return corrupt('is of another type')
  const why = word ?? [code, name].find(isWord) ?? typeof error
  const check = 'that the client is connected, and that Redis runs, has room, and lets this client write'
  const what = `Redis could not be used as a token store (${why}): check ${check}.`
  return new TokenError('token_store_failed', what, { retryable: true, requestSent: false })
}

/** It may be anything at all, and throw when it is looked at. */
function membersOf(error: unknown): { message?: unknown; code?: unknown; name?: unknown } {
  try {
    const { message, code, name } = (error ?? {}) as Readonly<Record<string, unknown>>
    // Those of `redis` are all named Error: only their class says that the client is offline.
    return { message, code, name: error instanceof Error && name === 'Error' ? error.constructor.name : name }
  } catch {
    return {}
  }
}

function isWord(text: unknown): text is string {
  return typeof text === 'string' && /^\w{1,64}$/.test(text)
}

export function corrupt(what: string): TokenError {
  const message = `What Redis holds for this identity ${what}. It is left as it is: see who else writes there, then delete it.`
  return new TokenError('token_store_corrupt', message, { requestSent: false })
}

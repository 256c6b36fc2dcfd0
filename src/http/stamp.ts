import type { Dispatcher } from 'undici'

import { copyToExtend } from '../base/copy-to-extend.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { AccessToken } from '../token/access-token.js'

type Headers = Dispatcher.DispatchOptions['headers']
/** undici 8 takes numbers too. */
type HeaderRecord = Record<string, string | string[] | number | undefined>

/** What to stamp. For a source without types: what is no AccessToken must not become a request without a token. */
export function authorizationOf(token: AccessToken): string {
  if (typeof token?.authorization === 'string') return token.authorization
  throw new TokenError('token_malformed', 'The source of tokens gave something that is no AccessToken.')
}

/**
 * The same headers, in the form they came in, with this `Authorization` and no other, whatever its case: a server that
 * gets two reads the first, and the second may be ours. So it is with `DPoP`, for a token that needs a proof. The caller's
 * object is left as it was.
 *
 * Fails with `invalid_option` when what they are iterated for is no pair of a name and a value.
 */
export function stampHeaders(headers: Headers, authorization: string, proof?: string): NonNullable<Headers> {
  if (headers == null) return proof === undefined ? { authorization } : { authorization, dpop: proof }
  // undici refuses them, with an error of its own.
  if (typeof headers !== 'object') return headers
  if (isPairs(headers)) {
    const stamped: (string | string[] | undefined)[] = []
    for (const pair of headers) {
      if (!Array.isArray(pair) || pair.length !== 2) throw notPairsError()
      const [name, value] = pair
      if (!isStamp(name, proof)) stamped.push(name, value)
    }
    stamped.push('authorization', authorization)
    if (proof !== undefined) stamped.push('dpop', proof)
    return stamped as string[]
  }
  if (Array.isArray(headers)) {
    const stamped = headers.filter((_, i) => !isStamp(headers[i - (i % 2)], proof))
    stamped.push('authorization', authorization)
    if (proof !== undefined) stamped.push('dpop', proof)
    return stamped
  }
  const stamped: HeaderRecord = copyToExtend(headers)
  for (const name in stamped) if (isStamp(name, proof)) delete stamped[name]
  stamped['authorization'] = authorization
  if (proof !== undefined) stamped['dpop'] = proof
  return stamped as NonNullable<Headers>
}

/** Whether the caller has set an `Authorization` header. */
export function hasAuthorization(headers: NonNullable<Headers>): boolean {
  if (isPairs(headers)) {
    for (const [name] of headers) if (isAuthorization(name)) return true
    return false
  }
  if (Array.isArray(headers)) return headers.some((name, i) => i % 2 === 0 && isAuthorization(name))
  return Object.keys(headers).some(isAuthorization)
}

/** The same headers, to be read more than once: an iterator is spent by the first reading. */
export function rereadable(headers: Headers): NonNullable<Headers> {
  if (headers == null) return {}
  const isSpentByReading = isPairs(headers) && (headers[Symbol.iterator]() as unknown) === headers
  return isSpentByReading ? ([...headers].flat() as string[]) : headers
}

/** `Headers`, a Map, or an array of pairs; the flat array that undici also takes is not. */
function isPairs(headers: NonNullable<Headers>): headers is Iterable<[string, string | string[] | undefined]> {
  if (Array.isArray(headers)) return Array.isArray(headers[0])
  // One that every object has was put there by somebody who pollutes prototypes: undici does not heed it either.
  const { [Symbol.iterator]: polluted } = Object.prototype as Partial<Iterable<unknown>>
  const { [Symbol.iterator]: iterator } = headers as Partial<Iterable<unknown>>
  return iterator !== undefined && iterator !== polluted
}

function notPairsError(): EverbearerError {
  return new EverbearerError('invalid_option', 'headers must give pairs of a name and a value when they are iterated.')
}

/** Whether the header gives way to one of ours. */
function isStamp(name: unknown, proof: string | undefined): boolean {
  return isAuthorization(name) || (proof !== undefined && String(name).toLowerCase() === 'dpop')
}

function isAuthorization(name: unknown): boolean {
  // A flat array may hold Buffers, as undici's raw headers do. The length says no to nearly all, at no cost.
  const text = String(name)
  return text.length === 'authorization'.length && text.toLowerCase() === 'authorization'
}

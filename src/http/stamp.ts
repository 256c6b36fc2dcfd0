import type { Dispatcher } from 'undici'

import { copyToExtend } from '../base/copy-to-extend.js'
import { EverbearerError, TokenError } from '../base/errors.js'
import type { AccessToken } from '../token/access-token.js'
import { isStorable, withNoStore } from './no-store.js'

type Headers = Dispatcher.DispatchOptions['headers']
/** Numbers and null, which undici takes too, are left as they are. */
type HeaderValue = string | string[] | undefined
export type HeaderRecord = Record<string, HeaderValue>

/** What to stamp. For a source without types: what is no AccessToken must not become a request without a token. */
export function authorizationOf(token: AccessToken): string {
  const authorization = token?.authorization
  if (typeof authorization === 'string') return authorization
  throw new TokenError('token_malformed', 'The source of tokens gave something that is no AccessToken.')
}

/**
 * Stamps our own copy of dispatch options with this `Authorization` and no other, whatever its case: a server that gets
 * two reads the first, and the second may be ours. So it is with `DPoP`, for a token that needs a proof. The caller's
 * headers stay as they were.
 *
 * Adds `no-store` to `Cache-Control`, because the response belongs to this token, and returns whether it was missing.
 * Without `authorization` it adds only that.
 *
 * Fails with `invalid_option` when what they are iterated for is no pair of a name and a value.
 */
export function stampOptions(options: Dispatcher.DispatchOptions, authorization?: string, proof?: string): boolean {
  const headers = ownHeaders(options.headers)
  if (headers === undefined) return false
  const needsNoStore = isStorable(options.method)
  let cacheControl: HeaderValue
  for (const name in headers) {
    // The length says no to nearly all, at no cost.
    if (name.length === 'authorization'.length) {
      const lowerCase = name.toLowerCase()
      if (needsNoStore && lowerCase === 'cache-control' && Object.hasOwn(headers, name)) {
        cacheControl = joined(cacheControl, headers[name])
        Reflect.deleteProperty(headers, name)
      } else if (authorization !== undefined && lowerCase === 'authorization') Reflect.deleteProperty(headers, name)
    } else if (proof !== undefined && name.length === 'dpop'.length && name.toLowerCase() === 'dpop') {
      Reflect.deleteProperty(headers, name)
    }
  }
  if (authorization !== undefined) headers['authorization'] = authorization
  if (proof !== undefined) headers['dpop'] = proof
  options.headers = headers as NonNullable<Headers>
  if (!needsNoStore) return false
  const given = cacheControl === undefined ? '' : String(cacheControl)
  const added = given === '' ? 'no-store' : withNoStore(given)
  headers['cache-control'] = added
  return added !== given
}

/**
 * A copy of headers, in whatever form they came: an object of names and values, the only form that every undici's cache
 * takes. Undefined for what undici refuses, with an error of its own.
 */
export function ownHeaders(headers: Headers): HeaderRecord | undefined {
  if (headers == null) return {}
  if (typeof headers !== 'object') return undefined
  if (isPairs(headers)) return recordOf(headers)
  if (!Array.isArray(headers)) return copyToExtend<object>(headers) as HeaderRecord
  if (headers.length % 2 !== 0) return undefined
  return recordOf(headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : [])))
}

/** Whether the caller has set an `Authorization` header. */
export function hasAuthorization(headers: object): boolean {
  return Object.keys(headers).some((name) => name.length === 13 && name.toLowerCase() === 'authorization')
}

function recordOf(pairs: Iterable<unknown>): HeaderRecord {
  // Without a prototype: a header may be called `__proto__`.
  const record = Object.create(null) as HeaderRecord
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw notPairsError()
    const [name, value] = pair as [unknown, HeaderValue]
    // A flat array may hold Buffers, as undici's raw headers do.
    const key = String(name)
    record[key] = joined(record[key], value)
  }
  return record
}

/** The values of a name that is given more than once. */
function joined(before: HeaderValue, value: HeaderValue): HeaderValue {
  if (before === undefined || value === undefined) return before ?? value
  return [before, value].flat()
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

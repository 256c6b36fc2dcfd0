import { copyToExtend } from '../base/copy-to-extend.js'
import { withNoStore } from './no-store.js'
import { hasAuthorization } from './stamp.js'

/**
 * The headers of a call to fetch, as they are at this moment. An object of names and texts stays one: fetch takes a
 * `Headers` of another copy of undici apart entry by entry, which costs a twentieth of the call.
 */
export type CallHeaders = Record<string, string> | Headers

/** Throws what `new Headers` throws. */
export function callHeaders(given: RequestInit['headers'] | null): CallHeaders {
  if (given === null || given === undefined) return {}
  if (typeof given !== 'object' || Symbol.iterator in given) return new Headers(given)
  const headers = copyToExtend(given as Record<string, string>)
  for (const name in headers) if (typeof headers[name] !== 'string') return new Headers(given)
  return headers
}

export function isAuthorized(headers: CallHeaders): boolean {
  return headers instanceof Headers ? headers.has('authorization') : hasAuthorization(headers)
}

/** The headers with this one, and no other of its name. `name` in lower case. */
export function withHeader(headers: CallHeaders, name: string, value: string): CallHeaders {
  if (headers instanceof Headers) {
    headers.set(name, value)
    return headers
  }
  const stamped = copyToExtend(headers)
  for (const other in stamped) {
    if (other.length === name.length && other.toLowerCase() === name) Reflect.deleteProperty(stamped, other)
  }
  stamped[name] = value
  return stamped
}

/**
 * Adds `no-store` to `Cache-Control`. fetch's own mode of that name sends `no-cache`, which undici's cache stores.
 */
export function forbidStoring(headers: CallHeaders): void {
  const name = 'cache-control'
  if (headers instanceof Headers) {
    headers.set(name, withNoStore(headers.get(name) ?? ''))
    return
  }
  const given: string[] = []
  for (const other in headers) {
    if (other.length !== name.length || other.toLowerCase() !== name || !Object.hasOwn(headers, other)) continue
    given.push(headers[other] as string)
    Reflect.deleteProperty(headers, other)
  }
  headers[name] = withNoStore(given.join(', '))
}

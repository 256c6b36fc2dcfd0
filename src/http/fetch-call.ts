import { types } from 'node:util'

import { isRequest } from './fetch-body.js'
import type { Input } from './fetch-body.js'

/** What fetch was called with. */
export interface FetchCall {
  readonly input: Input
  readonly init: RequestInit | undefined
}

/**
 * The arguments of a fetch as they are at this moment. fetch reads them before it returns, so callers use a URL, an init
 * or a buffer for their next call at once; ours is sent when there is a token, or for a second time, and would go
 * elsewhere than it was checked for.
 */
export function fetchCall(input: Input, init: RequestInit | undefined): FetchCall {
  return { input: isRequest(input) ? input : String(input), init: init && copyOf(init) }
}

function copyOf(init: RequestInit): RequestInit {
  const copy: Record<string, unknown> = { ...init }
  // What is inherited counts: a Request may be given as an init, and has nothing but getters.
  if (Object.getPrototypeOf(init) !== Object.prototype) {
    for (const name in init) copy[name] = init[name as keyof RequestInit]
  }
  if (copy['body'] !== undefined) copy['body'] = copyOfBody(copy['body'])
  return copy
}

/** Strings and blobs never change, and a stream is read only once. */
function copyOfBody(body: unknown): unknown {
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  if (types.isArrayBuffer(body)) return body.slice(0)
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  return isForm(body) ? copyOfForm(body) : body
}

/** Not `instanceof`: undici has a class of its own. The stream of the package form-data has that name too. */
function isForm(body: unknown): body is FormData {
  return Object.prototype.toString.call(body) === '[object FormData]' && Symbol.iterator in (body as object)
}

function copyOfForm(form: FormData): FormData {
  const copy = new (form.constructor as typeof FormData)()
  for (const [name, value] of form) copy.append(name, value)
  return copy
}

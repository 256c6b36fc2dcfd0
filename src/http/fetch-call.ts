import { types } from 'node:util'

import type { Input } from './fetch-body.js'

/** What fetch was called with. */
export interface FetchCall {
  /** Where the fetch underneath will go. */
  readonly url: string
  /** The Request that it was called with, if it was one, for the fetch underneath. */
  readonly request: (() => Request) | undefined
  readonly init: RequestInit | undefined
}

/**
 * The arguments of a fetch as they are at this moment. fetch reads them before it returns, so callers use a URL, an init
 * or a buffer for their next call at once; ours is sent when there is a token, or for a second time, and would go
 * elsewhere than it was checked for.
 */
export function fetchCall(input: Input, init: RequestInit | undefined): FetchCall {
  const { url, request } = readInput(input)
  return { url, request, init: init && copyOf(init) }
}

/**
 * fetch asks a Request for the URL that it has inside, and turns everything else into a text. What a subclass or an
 * object says that its `url` is may differ from both, or from one reading to the next.
 */
function readInput(input: unknown): Omit<FetchCall, 'init'> {
  const base = typeof input === 'object' && input !== null ? requestPrototype(input) : undefined
  if (base === undefined) return { url: String(input), request: undefined }
  const request = input as Request
  const isPlain = Object.getPrototypeOf(request) === base && !Object.hasOwn(request, 'url')
  const url = Reflect.get(base, 'url', request) as string
  return { url, request: () => (isPlain ? request : new (base.constructor as typeof Request)(request)) }
}

/** By its getter and not `instanceof`, because each copy of undici has a Request class of its own. */
function requestPrototype(input: object): object | undefined {
  if (types.isProxy(input)) return undefined
  let base: object | undefined
  let owner = input
  let next = Object.getPrototypeOf(owner) as object | null
  while (next !== null) {
    // It says as a text where it leads then, as a URL does.
    if (Object.hasOwn(owner, 'toString') || Object.hasOwn(owner, Symbol.toPrimitive)) return undefined
    if (owner !== input && Object.getOwnPropertyDescriptor(owner, 'url')?.get) base = owner
    owner = next
    next = Object.getPrototypeOf(owner) as object | null
  }
  return base
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

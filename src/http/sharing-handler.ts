import { interceptors } from 'undici'
import type { Dispatcher } from 'undici'

/** Far more interceptors than anybody composes. */
const MAX_HANDLERS = 16

/**
 * Whether a handler outside gives one request's response to other requests, as those of undici's cache and deduplicate
 * interceptors do. Looks through the handlers of redirect and retry; the handlers of other interceptors hide the next one.
 */
export function isSharing(handler: object): boolean {
  let outer: unknown = handler
  for (let i = 0; typeof outer === 'object' && outer !== null && i < MAX_HANDLERS; i++) {
    if (isSharingClass(Object.getPrototypeOf(outer) as object | null)) return true
    outer = (outer as { handler?: unknown }).handler
  }
  return false
}

/** By the prototype of a handler, because a minifier changes the names of classes. */
const verdicts = new WeakMap<object, boolean>()

function isSharingClass(prototype: object | null): boolean {
  if (prototype === null) return false
  let verdict = verdicts.get(prototype)
  if (verdict === undefined) {
    const parent = Object.getPrototypeOf(prototype) as object | null
    own ??= ownClasses()
    verdict = own.has(prototype) || looksSharing(prototype) || isSharingClass(parent)
    verdicts.set(prototype, verdict)
  }
  return verdict
}

let own: ReadonlySet<object> | undefined

/** The prototypes of the handlers that this undici's interceptors pass on. undici exports neither. */
export function ownClasses(): ReadonlySet<object> {
  const { cache, deduplicate } = interceptors as Partial<typeof interceptors>
  return new Set(
    [
      () => cache?.({ store: storeWith(undefined) }),
      // What it holds is stale, so that it asks whether that is still good.
      () => cache?.({ store: storeWith(STALE) }),
      () => deduplicate?.(),
    ].flatMap(handlerClass),
  )
}

function handlerClass(make: () => Dispatcher.DispatcherComposeInterceptor | undefined): object[] {
  const passed: object[] = []
  const record: Dispatcher.Dispatch = (_options, handler) => {
    passed.push(Object.getPrototypeOf(handler) as object)
    return true
  }
  try {
    make()?.(record)({ origin: 'https://api.example', path: '/', method: 'GET' }, {})
  } catch {
    // A later undici may want more of a store. Its handlers are then known by how they look.
  }
  return passed
}

const STALE = {
  statusCode: 200,
  statusMessage: 'OK',
  headers: {},
  body: [],
  cacheControlDirectives: {},
  cachedAt: 0,
  staleAt: 0,
  deleteAt: Infinity,
}

function storeWith(held: typeof STALE | undefined) {
  return { get: () => held, createWriteStream: () => undefined, delete: () => undefined }
}

/** What a handler of another copy of undici has that a minifier keeps: names of methods, texts and status codes. */
function looksSharing(prototype: object): boolean {
  if (Object.hasOwn(prototype, 'addWaitingHandler')) return true
  const method: unknown = Object.getOwnPropertyDescriptor(prototype, 'onResponseStart')?.value
  if (typeof method !== 'function') return false
  const source = Function.prototype.toString.call(method)
  const has = (...signs: string[]) => signs.every((sign) => source.includes(sign))
  return has('cache-control', 'last-modified', '304') || has('304', '504')
}

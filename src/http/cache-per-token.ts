import { createHash } from 'node:crypto'

import { cacheStores, interceptors } from 'undici'
import type { Dispatcher } from 'undici'

import { knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { BearerAttempt } from './bearer-attempt.js'
import { withoutNoStore } from './no-store.js'
import { ownHeaders } from './stamp.js'
import type { HeaderRecord } from './stamp.js'

/** The options of undici's `interceptors.cache`. `type` is `'private'` by default. */
export type CachePerTokenOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>

const NAMES: OptionNames<CachePerTokenOptions> = {
  store: true,
  methods: true,
  cacheByDefault: true,
  type: true,
  origins: true,
}

type Store = NonNullable<CachePerTokenOptions['store']>
type Key = Parameters<Store['get']>[0]
type Options = Dispatcher.DispatchOptions & { [AUTHORIZATION]?: HeaderRecord }

const AUTHORIZATION: unique symbol = Symbol('everbearer.authorization')
/** Says between the two sides of undici's cache whose response it is. It is never sent. */
const PARTITION = 'everbearer-partition'

/**
 * Caches responses for each token apart: an undici interceptor to compose directly inside {@link bearer}. No token is ever served a
 * response to another token, whatever `Cache-Control` and `Vary` say. A new token begins with an empty cache.
 *
 * The store sees a SHA-256 of `Authorization` and never the token. Requests with a DPoP proof are not cached.
 *
 * @param given - The options of undici's `interceptors.cache`. The `store` may be shared.
 * @returns The interceptor. Several dispatchers that compose the same one share its store.
 * @throws EverbearerError `invalid_option`, and a TypeError for values that undici rejects.
 *
 * @example
 * ```js
 * import { Agent, request } from 'undici'
 * import { bearer, cachePerToken, staticToken } from 'everbearer'
 *
 * const origins = ['https://api.example.com']
 * const agent = new Agent().compose(cachePerToken(), bearer(staticToken('mF_9.B5f-4.1JqM'), { origins }))
 * const { statusCode } = await request('https://api.example.com/things', { dispatcher: agent })
 * ```
 */
export function cachePerToken(given: CachePerTokenOptions = {}): Dispatcher.DispatcherComposeInterceptor {
  const options = knownOptions(given, 'cachePerToken', NAMES)
  const store = partitioned(options.store ?? new cacheStores.MemoryCacheStore())
  // undici 8.11 and newer say as a second argument where the dispatcher sends its requests.
  const cache: (dispatch: Dispatcher.Dispatch, destination?: string | null) => Dispatcher.Dispatch = interceptors.cache(
    {
      type: 'private',
      ...options,
      store,
    },
  )
  return (dispatch: Dispatcher.Dispatch, destination?: string | null) => {
    const cached = cache((options, handler) => dispatch(withAuthorization(options), handler), destination)
    return function cacheDispatch(options, handler) {
      const headers = ownHeaders(options.headers)
      const isCacheable = headers !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'dpop')
      return isCacheable ? cached(withPartition(options, headers, handler), handler) : dispatch(options, handler)
    }
  }
}

/** Without `Authorization`: undici's cache would not store what only a private cache may, and would tell the store of it. */
function withPartition(options: Options, headers: HeaderRecord, handler: Dispatcher.DispatchHandler): Options {
  const authorization: HeaderRecord = {}
  for (const name of Object.keys(headers)) {
    const lowerCase = name.toLowerCase()
    if (lowerCase === 'authorization') authorization[name] = headers[name]
    if (lowerCase === 'authorization' || lowerCase === PARTITION) Reflect.deleteProperty(headers, name)
  }
  if (handler instanceof BearerAttempt && handler.isNoStoreAdded && typeof headers['cache-control'] === 'string') {
    headers['cache-control'] = withoutNoStore(headers['cache-control'])
  }
  headers[PARTITION] = createHash('sha256')
    .update(JSON.stringify(Object.values(authorization)))
    .digest('base64url')
  return { ...options, headers, [AUTHORIZATION]: authorization }
}

function withAuthorization({ [AUTHORIZATION]: authorization, ...options }: Options): Options {
  const headers: HeaderRecord = { ...(options.headers as HeaderRecord), ...authorization }
  delete headers[PARTITION]
  return { ...options, headers }
}

function partitioned(store: Store): Store {
  return {
    get: (key) => store.get(partitionOf(key)),
    createWriteStream: (key, value) => store.createWriteStream(partitionOf(key), value),
    delete: (key) => store.delete(partitionOf(key)),
  }
}

/** Behind a `#`, which is in no path that is sent. */
function partitionOf(key: Key): Key {
  const headers: Record<string, string | string[]> = { ...key.headers }
  const path = `${key.path}#${String(headers[PARTITION])}`
  delete headers[PARTITION]
  return { ...key, path, headers }
}

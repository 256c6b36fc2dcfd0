import { checkBoolean, checkSignal, invalidOption, knownOptions } from '../base/options.js'
import type { JsonClient } from '../client/json-client.js'
import type { Query } from '../client/request-path.js'
import type { StandardSchema } from '../client/standard-schema.js'

/** A method of HTTP, as RFC 9110 section 9 and RFC 5789 spell it. */
export type HttpMethod = (typeof METHODS)[number]

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** What a request to any endpoint is told. */
export interface RequestOptions<Output = unknown> {
  /** Parameters; a list is sent as a repeated one, what is undefined is left out. */
  query?: Query | undefined
  /** Sent as JSON; not with GET and HEAD. */
  body?: unknown
  /** A Standard Schema, such as one of zod, valibot or arktype: the answer is checked against it and typed by it. */
  schema?: StandardSchema<Output> | undefined
  /** Whether it may be sent twice. Default: what RFC 9110 section 9.2.2 says of the method, so not a POST or PATCH. */
  idempotent?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** One request to any endpoint, its options checked. */
export async function requestAny<Output>(
  client: JsonClient,
  method: HttpMethod,
  path: string,
  options: RequestOptions<Output>,
): Promise<Output> {
  const { query, body, schema, idempotent, signal } = knownOptions(options, 'request', {
    query: true,
    body: true,
    schema: true,
    idempotent: true,
    signal: true,
  })
  if (!METHODS.includes(method)) throw invalidOption('method', `must be one of ${METHODS.join(', ')}`)
  checkPath(path)
  checkQuery(query)
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw invalidOption('body', `must not be there: a ${method} has none`)
  }
  checkSchema(schema)
  checkBoolean('idempotent', idempotent)
  checkSignal(signal)
  return client.request(method, path, { query, body, schema, idempotent, signal })
}

/** Throws {@link EverbearerError} `invalid_option`, as do all below. Whether it is of this API the client looks. */
export function checkPath(path: unknown): void {
  if (typeof path !== 'string' || path === '') throw invalidOption('path', 'must be a path such as /api/v2/users')
}

export function checkQuery(query: unknown): void {
  if (query === undefined) return
  // A Map or URLSearchParams would pass for an object without members.
  if (Object.prototype.toString.call(query) !== '[object Object]')
    throw invalidOption('query', 'must be a plain object')
  for (const [name, value] of Object.entries(query as object)) {
    // From a copy: `every` passes holes over.
    const items: unknown[] = Array.isArray(value) ? Array.from<unknown>(value) : [value]
    if (value === undefined || items.every(isParameter)) continue
    throw invalidOption(`query.${name}`, 'must be a string, a number, true or false, or a list of these')
  }
}

export function checkSchema(schema: StandardSchema | undefined): void {
  if (schema === undefined) return
  const standard: Partial<StandardSchema['~standard']> | undefined = (schema as StandardSchema | null)?.['~standard']
  if (typeof standard?.validate === 'function') return
  throw invalidOption('schema', 'must be a Standard Schema, such as one of zod')
}

function isParameter(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

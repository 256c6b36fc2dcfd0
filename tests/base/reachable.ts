import { inspect } from 'node:util'
import { serialize } from 'node:v8'

/**
 * Everything that can be read from a value without calling its methods: members of any kind, enumerable or not, by name
 * or by symbol, inherited ones and those of getters, keys and entries of collections, and what printing shows.
 */
export function reachableText(start: unknown): string {
  const texts: string[] = []
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value)
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return
    seen.add(value)
    if (ArrayBuffer.isView(value)) texts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString())
    if (value instanceof URL || value instanceof URLSearchParams || value instanceof Headers) texts.push(inspect(value))
    if (value instanceof Map || value instanceof Set) for (const entry of value.entries()) visit(entry)
    for (let holder: object | null = value; holder && !BUILT_IN.has(holder); holder = Object.getPrototypeOf(holder)) {
      for (const key of Reflect.ownKeys(holder)) {
        texts.push(String(key))
        const { get, value: member } = Object.getOwnPropertyDescriptor(holder, key)!
        if (get === undefined) visit(member)
        else if (!HANDED_OUT.has(key)) visit(attempt(() => get.call(value) as unknown))
      }
    }
  }
  visit(start)
  const printed = [
    inspect(start, { showHidden: true, depth: Infinity, getters: true, maxArrayLength: null, maxStringLength: null }),
    attempt(() => JSON.stringify(start)),
    attempt(() => String(start)),
    attempt(() => serialize(start).toString()),
    attempt(() => inspect(structuredClone(start), { showHidden: true, depth: Infinity })),
    start instanceof Error ? start.stack : '',
  ]
  return [...texts, ...printed].join('\n')
}

/** Where a secret is handed out on purpose. */
const HANDED_OUT: ReadonlySet<string | symbol> = new Set(['authorization'])
const BUILT_IN: ReadonlySet<object> = new Set([Object.prototype, Function.prototype, Array.prototype])

function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}

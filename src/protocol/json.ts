/**
 * Reads JSON (RFC 8259), or returns undefined. The error of `JSON.parse` quotes its input, which may be a token, and so
 * never leaves this function.
 */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    // Section 8.1 lets a reader ignore a byte order mark, and some servers write one.
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) }
  } catch {
    return undefined
  }
}

/** Writes JSON (RFC 8259), or returns undefined for what it cannot hold: a function, a BigInt, a circle. */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/**
 * Reads a JSON object (RFC 8259 section 4), or returns undefined. Whatever was done to `Object.prototype`, it has the
 * members of the text alone, and `__proto__` is left out because `Object.assign` would obey it.
 */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text)?.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const members = Object.assign(Object.create(null) as Record<string, unknown>, value)
  delete members['__proto__']
  return members
}

import { parseJson, writeJson } from '../protocol/json.js'
import { hideSecrets } from '../protocol/quoted-secrets.js'
import type { AccessToken } from '../token/access-token.js'

/** Where errors of undici keep what a response or a request said: ResponseError, RequestRetryError, MockNotMatchedError. */
const MEMBERS = ['message', 'stack', 'data', 'body', 'headers'] as const

/** A longer text is not searched for escaped spellings of the token: that takes nine times its size in memory. */
const MAX_LENGTH = 256 * 1024

/** A shorter token, such as a test's, would blot out words of the error. */
const MIN_LENGTH = 8

type Members = Partial<Record<(typeof MEMBERS)[number] | 'name' | 'cause' | 'errors', unknown>>

/**
 * Takes out of a transport error, its causes included, what the API may have echoed: the bytes that undici could not parse,
 * and the token. Logging the error would show it. The error stays the same object, with its class and code.
 */
export function redactedError<Failure>(error: Failure, { authorization }: Pick<AccessToken, 'authorization'>): Failure {
  const token = authorization.slice(authorization.indexOf(' ') + 1)
  const seen = new Set<unknown>()
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const members: Members = value
    // Another user's response may stand in it as well: one connection serves all.
    if (members.name === 'HTTPParserError') Reflect.deleteProperty(members, 'data')
    for (const name of token.length < MIN_LENGTH ? [] : MEMBERS) {
      const hidden = withoutToken(members[name], token)
      if (hidden !== members[name]) Reflect.set(members, name, hidden)
    }
    visit(members.cause)
    if (Array.isArray(members.errors)) members.errors.forEach(visit)
  }
  visit(error)
  return error
}

/** The same value, or a copy without the token. */
function withoutToken(value: unknown, token: string): unknown {
  const isText = typeof value === 'string'
  const text = isText ? value : ArrayBuffer.isView(value) ? textOf(value) : value && writeJson(value)
  if (typeof text !== 'string') return value
  if (text.length > MAX_LENGTH) return text.includes(token) ? undefined : value
  const hidden = hideSecrets(text, [token])
  if (hidden === text) return value
  return isText || ArrayBuffer.isView(value) ? hidden : parseJson(hidden)?.value
}

function textOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

import { TokenError } from '../base/errors.js'
import { ownMembers } from '../base/own-members.js'
import { functionError } from '../client-auth/function-error.js'

/** Headers of a token request. */
export type CustomHeaders = Readonly<Record<string, string>>

/** A field's name and value (RFC 9110 section 5). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** The headers that a function makes, their names in lower case. Throws {@link TokenError} `grant_failed`. */
export async function readHeaders(make: () => CustomHeaders | Promise<CustomHeaders>): Promise<CustomHeaders> {
  let made: CustomHeaders
  try {
    made = await make()
  } catch (error) {
    throw functionError('headers', error, 'check what it needs', { retryable: true, requestSent: false })
  }
  const isObject = typeof made === 'object' && made !== null
  const headers = isObject ? Object.entries(ownMembers(made)).map(([name, value]) => [name.toLowerCase(), value]) : []
  if (isObject && headers.every(([name, value]) => NAME.test(String(name)) && isValue(value))) {
    return Object.fromEntries(headers) as CustomHeaders
  }
  const message = 'The headers function gave no headers: an object of names, and values that are texts of one line.'
  throw new TokenError('grant_failed', message, { requestSent: false })
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' && VALUE.test(value)
}

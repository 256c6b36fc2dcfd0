import { formUrlEncode } from './form.js'

/** `rfc6749`: form-urlencoded, as OAuth has it. `rfc7617`: as they are, for servers that do not decode. */
export type BasicEncoding = 'rfc6749' | 'rfc7617'

/**
 * The value of `Authorization` that authenticates a client with its secret. By RFC 6749 section 2.3.1 both halves are
 * form-urlencoded before they are joined, so a colon or a character outside ASCII arrives as it was meant.
 */
export function basicCredentials(clientId: string, clientSecret: string, encoding: BasicEncoding = 'rfc6749'): string {
  const halves = [clientId, clientSecret]
  const credentials = (encoding === 'rfc6749' ? halves.map(formUrlEncode) : halves).join(':')
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

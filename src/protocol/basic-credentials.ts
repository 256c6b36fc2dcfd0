import { formUrlEncode } from './form.js'

/**
 * The value of `Authorization` that authenticates a client with its secret: both halves are form-urlencoded before they
 * are joined (RFC 6749 section 2.3.1), so a colon or a character outside ASCII arrives as it was meant.
 */
export function basicCredentials(clientId: string, clientSecret: string): string {
  const credentials = `${formUrlEncode(clientId)}:${formUrlEncode(clientSecret)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

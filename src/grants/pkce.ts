import { createHash, randomBytes } from 'node:crypto'

/** Nobody guesses it: 32 bytes, 43 characters of base64url (RFC 7636 section 4.1). */
export function unguessable(): string {
  return randomBytes(32).toString('base64url')
}

/** `S256` of RFC 7636 section 4.2. */
export function codeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url')
}

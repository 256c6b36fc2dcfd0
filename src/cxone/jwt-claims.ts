import { parseJsonObject } from '../protocol/json.js'

/**
 * The claims of a JWT (RFC 7519 section 4), or undefined for what is none. The signature is not looked at: this is for a
 * token that came from its issuer itself, over TLS (OpenID Connect Core section 3.1.3.7, point 6), and for nothing that
 * must be secret from whoever made it.
 */
export function readJwtClaims(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.', 4)
  return parts.length === 3 ? parseJsonObject(Buffer.from(String(parts[1]), 'base64url').toString()) : undefined
}

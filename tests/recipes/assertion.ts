import { generateKeyPairSync } from 'node:crypto'

import { jwtVerify } from 'jose'
import type { JWTVerifyOptions } from 'jose'

/** The pair of those who have no certificate for theirs. */
export const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** What is wrong with an assertion; each is taken once. */
export async function assertionFault(
  jwt: string | null,
  expected: JWTVerifyOptions,
  used = new Set<unknown>(),
  key = publicKey,
) {
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt ?? '', key, { ...expected, requiredClaims: ['exp'] })
    if (Number(payload.exp) - Number(payload.iat) > 3600) return { fault: 'lives too long' }
    if (payload.jti !== undefined && used.has(payload.jti)) return { fault: 'came before' }
    used.add(payload.jti)
    return { payload, protectedHeader }
  } catch (error) {
    return { fault: String(error) }
  }
}

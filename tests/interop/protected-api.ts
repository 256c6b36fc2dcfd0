import { setTimeout as delay } from 'node:timers/promises'

import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { loopback, read, sha256 } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import type { RunningProvider } from './provider.js'
import { JWT_RESOURCE } from './registrations.js'

/** Whether a token lives, as an API finds out. */
export type TokenCheck = (token: string) => Promise<boolean>

/** By asking the provider for each request (RFC 7662). */
export function byIntrospection(provider: RunningProvider): TokenCheck {
  return async (token) => (await provider.introspect(token))['active'] === true
}

/** By the provider's signature (RFC 9068); the provider is asked for its keys only. */
export function bySignature({ issuer }: RunningProvider): TokenCheck {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))
  return async (token) => {
    try {
      await jwtVerify(token, keys, { issuer, audience: JWT_RESOURCE, typ: 'at+jwt' })
      return true
    } catch (error) {
      if (error instanceof errors.JWTExpired) return false
      throw error
    }
  }
}

/** An API on loopback, and what it made of the tokens that reached it. */
export interface ProtectedApi extends Loopback {
  /** The tokens that it took, each once. */
  readonly taken: Set<string>
  /** How many requests it answered 401. */
  refused: number
  /** Milliseconds that every second of its 401s is late. */
  lateness: number
}

/** Answers the hash of the body that it got to a token that lives, and 401 to any other. */
export async function protectedApi(isAlive: TokenCheck): Promise<ProtectedApi> {
  const server = await loopback(async (incoming, outgoing, { authorization }) => {
    const body = await read(incoming)
    const token = authorization.join().replace('Bearer ', '')
    if (await isAlive(token)) {
      api.taken.add(token)
      outgoing.end(sha256(body))
    } else {
      api.refused += 1
      if (api.refused % 2 === 0) await delay(api.lateness)
      outgoing.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
    }
  })
  const api: ProtectedApi = Object.assign(server, { taken: new Set<string>(), refused: 0, lateness: 0 })
  return api
}

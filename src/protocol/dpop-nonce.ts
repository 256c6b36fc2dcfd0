import type { Challenge } from './challenge.js'

/** `1*NQCHAR` (RFC 9449 section 8.1). A proof carries it, and the longest header that servers take is 8 KiB or so. */
const NONCE = /^[!#-[\]-~]{1,2048}$/

/** Reads `DPoP-Nonce`. Undefined when there is none, when there are two, and when it cannot stand in a proof. */
export function parseNonce(header: string | readonly string[] | undefined | null): string | undefined {
  const [nonce, ...others] = [header ?? []].flat()
  return nonce !== undefined && others.length === 0 && NONCE.test(nonce) ? nonce : undefined
}

/** Whether an API refused a proof for nothing but the nonce that it lacked (RFC 9449 section 9). */
export function demandsNonce(challenges: readonly Challenge[] | undefined): boolean {
  return Boolean(
    challenges?.some(({ scheme, parameters }) => scheme === 'dpop' && parameters.get('error') === 'use_dpop_nonce'),
  )
}

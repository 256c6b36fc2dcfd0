import { delay } from '../base/clock.js'
import type { Clock } from '../base/clock.js'
import type { HeldToken } from './held-token.js'
import type { SupplyRequest, TokenSupply } from './token-supply.js'

/** A server that sends a token again with less life than this is about to replace it. In milliseconds, as all below. */
const SHORT = 2_000
/** Before the next request for it. */
const WAIT = 1_000
/** A server that has no other token is not asked for ever. */
const MAX_REPEATS = 5

/**
 * Returns the next token of a supply. Some servers repeat a token until it expires. That is not a failure. If the server
 * repeats a token that expires within 2 s, everbearer requests it again after 1 s, at most five times.
 */
export async function nextToken(supply: TokenSupply, request: SupplyRequest, clock: Clock): Promise<HeldToken> {
  for (let repeats = 0; ; repeats++) {
    const held = await supply.obtain(request)
    const { lifetime = Infinity } = held.token
    const isDue = lifetime < SHORT && (held.isRepeated || lifetime === 0)
    if (!isDue || repeats === MAX_REPEATS) return held
    await delay(clock, WAIT, { signal: request.signal, keepAlive: false })
  }
}

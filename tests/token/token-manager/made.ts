import { FakeClock } from '../../../src/testing/fake-clock.js'
import { TokenManager } from '../../../src/token/token-manager.js'
import type { TokenManagerOptions } from '../../../src/token/manager-options.js'
import { ScriptedGrant } from '../scripted-grant.js'

/** A manager over a scripted grant and a fake clock, whose jitter is 0 unless told otherwise. */
export function made({
  grant = new ScriptedGrant(),
  clock = new FakeClock({ random: () => 0 }),
  ...options
}: Partial<TokenManagerOptions> & { grant?: ScriptedGrant; clock?: FakeClock } = {}) {
  return { grant, clock, manager: new TokenManager(grant, { clock, ...options }) }
}

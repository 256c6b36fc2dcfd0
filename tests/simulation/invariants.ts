import { askingRules } from './invariants/asking-rules.js'
import { noCallFailsInVain } from './invariants/availability.js'
import { nothingRunsAfterClose, revokesWhatItWasTold } from './invariants/closing.js'
import { everyCallEndsOnce, nothingIsThrown } from './invariants/endings.js'
import { noExpiredToken } from './invariants/expiry.js'
import { othersAreLeftAlone } from './invariants/giving-up.js'
import type { Invariant, Violation } from './invariants/invariant.js'
import { invalidatedTokenIsGone } from './invariants/invalidation.js'
import { oneFlight } from './invariants/one-flight.js'
import { listedOriginsOnly } from './invariants/origins.js'
import { oneWholeReplay, refusedTokenStaysAway } from './invariants/replay.js'
import { refreshTokenIsKept } from './invariants/rotation.js'
import type { Recording } from './record.js'

const INVARIANTS: readonly Invariant[] = [
  oneFlight,
  noExpiredToken,
  noCallFailsInVain,
  listedOriginsOnly,
  invalidatedTokenIsGone,
  refusedTokenStaysAway,
  oneWholeReplay,
  refreshTokenIsKept,
  othersAreLeftAlone,
  askingRules,
  everyCallEndsOnce,
  nothingRunsAfterClose,
  revokesWhatItWasTold,
  nothingIsThrown,
]

/** The first promise that was broken, if one was. */
export function violationIn(recording: Recording): Violation | undefined {
  for (const invariant of INVARIANTS) {
    const violation = invariant(recording)
    if (violation) return violation
  }
  return undefined
}

import { telemetry } from '../base/telemetry.js'
import { parseChallenges } from '../protocol/challenge.js'
import type { UnauthorizedHeaders } from './unauthorized-verdict.js'

const challengePassed = telemetry('everbearer:challenge-passed')

/** Far more than any server offers. */
const MAX_SCHEMES = 10
const MAX_SCHEME = 40

/**
 * Publishes that a 401 passed to the caller because a new token would not help. Its challenges name only other schemes, or
 * require more than the grant provides. Costs nothing without a subscriber.
 */
export function publishPassed({ challenge }: UnauthorizedHeaders, origin: string): void {
  if (!challengePassed.hasSubscribers) return
  const schemes = parseChallenges(challenge)?.map(({ scheme }) => scheme.slice(0, MAX_SCHEME)) ?? []
  challengePassed.publish({ origin, schemes: [...new Set(schemes)].slice(0, MAX_SCHEMES) })
}

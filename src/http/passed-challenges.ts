import { telemetry } from '../base/telemetry.js'
import { parseChallenges } from '../protocol/challenge.js'
import type { UnauthorizedHeaders } from './unauthorized-verdict.js'

const challengePassed = telemetry('everbearer:challenge-passed')

/** Far more than any server offers. */
const MAX_SCHEMES = 10
const MAX_SCHEME = 40

/**
 * Publishes that a 401 passed to the caller because a new token would not help: its challenges name other schemes only, or
 * ask for more than the grant brings. Costs nothing while nobody listens.
 */
export function publishPassed({ challenge }: UnauthorizedHeaders, origin: string): void {
  if (!challengePassed.hasSubscribers) return
  const schemes = parseChallenges(challenge)?.map(({ scheme }) => scheme.slice(0, MAX_SCHEME)) ?? []
  challengePassed.publish({ origin, schemes: [...new Set(schemes)].slice(0, MAX_SCHEMES) })
}

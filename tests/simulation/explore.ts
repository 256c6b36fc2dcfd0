import fc from 'fast-check'
import { histories } from './history.js'
import { violationIn } from './invariants.js'
import type { Violation } from './invariants/invariant.js'
import type { Recording } from './record.js'
import { table } from './table.js'
import { live } from './world.js'

export interface Exploration {
  /** How many histories were looked at. */
  readonly histories: number
  readonly broken?: {
    readonly violation: Violation
    /** The shrunk history that breaks it. */
    readonly table: string
    /** What fast-check needs to come to it again. */
    readonly seed: number
    readonly path: string
  }
}

class Broken extends Error {
  readonly violation: Violation
  readonly recording: Recording

  constructor(violation: Violation, recording: Recording) {
    super(violation.promise)
    this.violation = violation
    this.recording = recording
  }
}

/** Looks at so many histories, in the order that the seed says, and shrinks the first that breaks a promise. */
export async function explore(
  runs: number,
  seed: number,
  { path, shrinks = true }: { path?: string | undefined; shrinks?: boolean | undefined } = {},
): Promise<Exploration> {
  const property = fc.asyncProperty(histories, async (history) => {
    const recording = await live(history)
    const violation = violationIn(recording)
    if (violation) throw new Broken(violation, recording)
  })
  const again = path === undefined ? { endOnFailure: !shrinks } : { path, endOnFailure: true }
  const outcome = await fc.check(property, { numRuns: runs, seed, ...again })
  if (!outcome.failed) return { histories: outcome.numRuns }
  const { errorInstance: error } = outcome
  if (!(error instanceof Broken)) throw error
  const { violation, recording } = error
  const shown = table(recording, violation.event)
  return {
    histories: outcome.numRuns,
    broken: { violation, table: shown, seed: outcome.seed, path: outcome.counterexamplePath! },
  }
}

import { systemClock, type Clock } from '../../base/clock.js'
import {
  checkClock,
  definedOptions,
  knownOptions,
  overridden,
  type OptionNames,
  type Overrides,
} from '../../base/options.js'
import type { Fault, FaultKind } from './faults.js'
import { invalid, objectList, range, wholeNumber } from './option-checks.js'

/** What every simulator can be told. Everything has a default. */
export interface SimulationOptions<Limits, Kind extends string = FaultKind> {
  /** Decides all that is there: a whole number of 32 bits. Default 1. */
  seed?: number | undefined
  /** Milliseconds before each answer. Default 0. */
  latency?: number | undefined
  /** What the simulated platform allows. */
  limits?: Overrides<Limits> | undefined
  /** What goes wrong, and when. Default: nothing. */
  faults?: readonly Fault<Kind>[] | undefined
  /**
   * Decides when tokens expire, how long delays and jobs take, and what is in progress: with a `FakeClock` these wait for
   * its `advance`. Default: the machine's clock.
   */
  clock?: Clock | undefined
  /** The moment at which the organization's data stand still. Default: they move on with `clock`. */
  now?: Date | undefined
}

export const SIMULATION_OPTIONS: OptionNames<SimulationOptions<object>> = {
  seed: true,
  latency: true,
  limits: true,
  faults: true,
  clock: true,
  now: true,
}

/** Those of them that every simulator has, and its own, each with its value. */
export type Resolved<Defaults, Limits, Kind extends string> = Readonly<Defaults> & {
  readonly seed: number
  readonly latency: number
  readonly faults: readonly Fault<Kind>[]
  readonly limits: Readonly<Limits>
  readonly clock: Clock
  /** What time it is in the organization. */
  readonly now: () => number
}

/**
 * Fills in the defaults. Throws `invalid_option` for a name that is not an option, and for a value out of range as far as
 * every simulator has it.
 */
export function resolveSimulation<Defaults extends object, Limits extends object, Kind extends string>(
  options: SimulationOptions<Limits, Kind>,
  whose: string,
  ownDefaults: Defaults,
  defaultLimits: Limits,
): Resolved<Defaults, Limits, Kind> {
  const defaults = { seed: 1, latency: 0, faults: [] as readonly Fault<Kind>[], ...ownDefaults }
  const names = { ...SIMULATION_OPTIONS, ...ownDefaults }
  const { clock = systemClock, now, limits = {}, ...rest } = knownOptions(options, whose, names)
  checkClock(clock)
  const resolved = { ...defaults, ...definedOptions(rest), limits: overridden(defaultLimits, limits, 'limits') }
  wholeNumber('seed', resolved.seed, 0, 2 ** 32 - 1)
  range('latency', resolved.latency, 0, 2 ** 31 - 1)
  for (const [name, value] of Object.entries(resolved.limits)) range(`limits.${name}`, value as number, 1, Infinity)
  objectList('faults', resolved.faults)
  if (now !== undefined && !(now instanceof Date && Number.isFinite(now.getTime())))
    throw invalid('now must be a valid Date')
  const standsAt = now?.getTime()
  return { ...resolved, clock, now: () => standsAt ?? clock.now() }
}

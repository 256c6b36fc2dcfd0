/** Looked up once: globals are slow to find in the contexts that test runners make. */
const { floor } = Math

/** A medium, with its share of all that happens and how long that lasts, in milliseconds. */
export interface Medium {
  readonly share: number
  readonly shortest: number
  readonly longest: number
}

/** The medium at a position in [0, 1) of the whole. */
export function mediumAt<Mix extends readonly [Medium, ...Medium[]]>(mix: Mix, position: number): Mix[number] {
  let left = position
  for (const medium of mix) {
    if (left < medium.share) return medium
    left -= medium.share
  }
  return mix[0]
}

/** Whole milliseconds for a chance in [0, 1): short ones are common, long ones rare. */
export function durationOf({ shortest, longest }: Medium, chance: number): number {
  return floor(shortest * (longest / shortest) ** chance)
}

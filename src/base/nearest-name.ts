const MAX_SLIPS = 3
/** A name shorter than this is part of too many others. */
const MIN_PART = 3

/**
 * Returns the name that a misspelt one most likely stands for: the same but for case, `_` and `-`, or with one slip in
 * three letters, and three at most; otherwise the only name that holds it, or that it holds.
 */
export function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  const given = letters(misspelt)
  let nearest: string | undefined
  let fewest = Infinity
  for (const name of names) {
    const known = letters(name)
    const most = Math.min(MAX_SLIPS, Math.floor(Math.max(given.length, known.length) / 3))
    // What differs more in length needs no look, so that a huge name costs nothing.
    const slips = Math.abs(given.length - known.length) > most ? Infinity : slipsBetween(given, known, most)
    if (slips < fewest) [nearest, fewest] = [name, slips]
  }
  if (nearest !== undefined || given.length < MIN_PART) return nearest
  const related = names.filter((name) => isPart(letters(name), given))
  return related.length === 1 ? related[0] : undefined
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function isPart(one: string, other: string): boolean {
  return one.includes(other) || (one.length >= MIN_PART && other.includes(one))
}

/** How many letters must be added, dropped, changed or swapped with the next one: Infinity if more than `most`. */
function slipsBetween(one: string, other: string, most: number): number {
  if (one === other) return 0
  if (most === 0) return Infinity
  const [oneRest, otherRest] = [one.slice(1), other.slice(1)]
  const [a = '', b = ''] = one
  const [c = '', d = ''] = other
  if (a === c) return slipsBetween(oneRest, otherRest, most)
  const isSwapped = a === d && b === c
  const ways: [string, string][] = [
    [oneRest, other],
    [one, otherRest],
    isSwapped ? [one.slice(2), other.slice(2)] : [oneRest, otherRest],
  ]
  return 1 + Math.min(...ways.map((way) => slipsBetween(...way, most - 1)))
}

/** A name shorter than this is part of too many others. */
const SHORTEST_PART = 3

/**
 * Returns the name that a misspelt one most likely stands for: the same but for case, `_` and `-`, or with one slip in
 * every three letters; otherwise the only name that holds it, or that it holds.
 */
export function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  const given = letters(misspelt)
  let nearest: string | undefined
  let fewest = Infinity
  for (const name of names) {
    const known = letters(name)
    const most = Math.floor(Math.max(given.length, known.length) / 3)
    // What differs more in length needs no look, so that a huge name costs nothing.
    if (Math.abs(given.length - known.length) > most) continue
    const slips = distance(given, known)
    if (slips <= most && slips < fewest) [nearest, fewest] = [name, slips]
  }
  if (nearest !== undefined || given.length < SHORTEST_PART) return nearest
  const related = names.filter((name) => isPart(letters(name), given))
  return related.length === 1 ? related[0] : undefined
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function isPart(one: string, other: string): boolean {
  return one.includes(other) || (one.length >= SHORTEST_PART && other.includes(one))
}

/** How many letters must be added, dropped, changed or swapped with the next one (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const next = [row]
    for (let column = 1; column <= other.length; column++) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1
      const isSwapped = row > 1 && one[row - 2] === other[column - 1] && one[row - 1] === other[column - 2]
      next[column] = Math.min(
        last[column]! + 1,
        next[column - 1]! + 1,
        last[column - 1]! + changed,
        isSwapped ? before[column - 2]! + 1 : Infinity,
      )
    }
    ;[before, last] = [last, next]
  }
  return last[other.length]!
}

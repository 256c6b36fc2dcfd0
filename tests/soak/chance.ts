/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of them, each as often as its weight says. */
export function pick<Name extends string>(weights: Readonly<Record<Name, number>>, chance: () => number): Name {
  const entries = Object.entries(weights) as [Name, number][]
  let left = chance() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries[0]![0]
}

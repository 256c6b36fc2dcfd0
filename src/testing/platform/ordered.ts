/** Things in some order, of which a page at a time is looked at. */
export interface Ordered<T> {
  readonly total: number
  /** Those from one position up to another. */
  slice(from: number, to: number): readonly T[]
}

export function inOrder<T>(all: readonly T[]): Ordered<T> {
  return { total: all.length, slice: (from, to) => all.slice(from, to) }
}

export function reversed<T>(ordered: Ordered<T>): Ordered<T> {
  const { total } = ordered
  return {
    total,
    slice: (from, to) => [...ordered.slice(Math.max(0, total - to), Math.max(0, total - from))].reverse(),
  }
}

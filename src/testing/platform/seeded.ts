/**
 * Chance that can be looked up: what a simulator makes up is a pure function of its seed and of where the thing stands,
 * so nothing has to be stored and two runs agree. The mixing is MurmurHash3's.
 */

/** Looked up once: globals are slow to find in the contexts that test runners make. */
const { imul } = Math

function mix(state: number, word: number): number {
  let k = imul(word, 0xcc9e2d51)
  k = imul((k << 15) | (k >>> 17), 0x1b873593)
  const h = state ^ k
  return (imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

function finish(state: number): number {
  let h = state
  h = imul(h ^ (h >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** 32 bits for a place, such as (day, index). */
export function hash(seed: number, purpose: number, a: number, b = 0): number {
  return finish(mix(mix(mix(seed | 0, purpose), a), b))
}

/** A number in [0, 1) for a place. */
export function uniform(seed: number, purpose: number, a: number, b = 0): number {
  return hash(seed, purpose, a, b) / 2 ** 32
}

/** A UUID of version 4 for a place. */
export function uuidAt(seed: number, purpose: number, a: number, b = 0): string {
  const word = (position: number) => hash(seed, purpose + 256 * position, a, b)
  return formatUuid(word(1), word(2), word(3), word(4))
}

/**
 * A UUID of version 4 that leads back to its place: two of its words are the place, enciphered by a Feistel network.
 * `a` is a whole number of 32 bits, `b` one that is not negative.
 */
export function traceableUuidAt(seed: number, purpose: number, a: number, b: number): string {
  const left = a ^ round(seed, purpose, 1, b)
  const right = b ^ round(seed, purpose, 2, left)
  const inner = (position: number) => hash(seed, purpose + 256 * position, a, b)
  return formatUuid(left ^ round(seed, purpose, 3, right), inner(2), inner(3), right)
}

/** The place that a UUID of {@link traceableUuidAt} was made for, undefined for any other text. */
export function placeOfUuid(seed: number, purpose: number, uuid: string): [a: number, b: number] | undefined {
  const right = parseInt(uuid.slice(-8), 16) | 0
  const left = parseInt(uuid.slice(0, 8), 16) ^ round(seed, purpose, 3, right)
  const b = right ^ round(seed, purpose, 2, left)
  const a = left ^ round(seed, purpose, 1, b)
  return traceableUuidAt(seed, purpose, a, b) === uuid ? [a, b >>> 0] : undefined
}

function round(seed: number, purpose: number, number: number, half: number): number {
  return hash(seed, purpose + 256 * number, half, number)
}

function formatUuid(first: number, second: number, third: number, fourth: number): string {
  const b = hex((second & 0xffff0fff) | 0x4000) // version 4
  const c = hex((third & 0x3fffffff) | 0x80000000) // of the RFC's variant
  return `${hex(first)}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${hex(fourth)}`
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Looked up byte by byte: a page of conversations has tens of thousands of them. */
function hex(word: number): string {
  const byte = (shift: number) => BYTES[(word >>> shift) & 0xff] ?? ''
  return byte(24) + byte(16) + byte(8) + byte(0)
}

/** A run of numbers from one place, for things with many parts. The generator is Mulberry32. */
export class SeededRandom {
  #state: number

  constructor(seed: number, purpose: number, a: number, b = 0) {
    this.#state = hash(seed, purpose, a, b)
  }

  #word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }

  /** In [0, 1). */
  next(): number {
    return this.#word() / 2 ** 32
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[Math.floor(this.next() * values.length)] ?? values[0]
  }

  uuid(): string {
    return formatUuid(this.#word(), this.#word(), this.#word(), this.#word())
  }
}

import { inspect } from 'node:util'

import fc from 'fast-check'

import type { Target } from './target.js'

/** A part of a campaign: so many inputs for one target, the same ones for the same seed wherever they run. */
export interface Chunk {
  readonly target: string
  readonly seed: number
  readonly inputs: number
}

/** An input, made as small as it goes, that breaks a promise. */
export interface Failure {
  readonly target: string
  readonly input: unknown
  readonly violation: string
}

const MAX_PER_CHUNK = 5_000

/** So many inputs in all, shared out to the targets. */
export function chunks(targets: readonly Target[], inputs: number, seed: number): Chunk[] {
  const shares = targets.reduce((sum, { share = 1 }) => sum + share, 0)
  const all: Chunk[] = []
  let given = 0
  let upTo = 0
  for (const { name, share = 1 } of targets) {
    upTo += share
    const until = Math.round((inputs * upTo) / shares)
    for (let part = 0; given < until; part++) {
      const count = Math.min(MAX_PER_CHUNK, until - given)
      all.push({ target: name, seed: mixed(seed, `${name} ${part}`), inputs: count })
      given += count
    }
  }
  return all
}

/** Runs one chunk to its end, or to the first failure. */
export async function runChunk(targets: readonly Target[], chunk: Chunk): Promise<Failure | undefined> {
  const target = targets.find(({ name }) => name === chunk.target) as unknown as Target<unknown>
  const property =
    target.check.constructor.name === 'AsyncFunction'
      ? fc.asyncProperty(target.inputs, async (input) => void (await target.check(input)))
      : fc.property(target.inputs, (input) => void target.check(input))
  const details = await fc.check<[unknown]>(property as fc.IAsyncProperty<[unknown]>, {
    seed: chunk.seed,
    numRuns: chunk.inputs,
  })
  if (!details.failed) return undefined
  const [input] = details.counterexample ?? [undefined]
  return { target: target.name, input, violation: reason(details.errorInstance) }
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : inspect(error)
}

/** FNV-1a, so that neighbouring seeds have nothing in common. */
function mixed(seed: number, text: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return hash | 0
}

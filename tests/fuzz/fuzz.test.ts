import { describe, expect, it } from '@jest/globals'
import { randomInt } from 'node:crypto'

import { parseChallenges } from '../../src/protocol/challenge.js'
import { parseDeltaSeconds } from '../../src/protocol/delta-seconds.js'
import { chunks, runChunk } from './campaign.js'
import { worstGrowth } from './growth.js'
import { target } from './target.js'
import type { Target } from './target.js'
import { TARGETS } from './targets.js'
import { hostile } from './texts.js'

const INPUTS = 20_000
/** New inputs each time; it stands in the name of a test that fails. */
const seed = randomInt(2 ** 31)

describe(`nothing that a stranger writes breaks what reads it (npm run fuzz -- ${INPUTS} --seed ${seed})`, () => {
  it.each(TARGETS.map(({ name }) => name))('%s', async (name) => {
    for (const chunk of chunks(TARGETS, INPUTS, seed)) {
      if (chunk.target === name) expect(await runChunk(TARGETS, chunk)).toBeUndefined()
    }
  })
})

describe('the search itself', () => {
  const run = (broken: Target) => {
    const [chunk] = chunks([broken], 2_000, seed)
    return runChunk([broken], chunk!)
  }

  it('finds a reader that throws, and makes the input small', async () => {
    const broken = target<string>({
      name: 'broken',
      inputs: hostile('a,b'),
      check: (text) => {
        if (text.includes('"')) throw new Error('a quotation mark')
      },
    })
    const failure = await run(broken)
    expect(failure).toMatchObject({ target: 'broken', violation: 'a quotation mark' })
    expect(failure?.input).toMatch(/^[^"]{0,4}"+[^"]{0,4}$/)
  })

  it('finds what is read differently from what the grammar says', async () => {
    const broken = target<string>({
      name: 'broken',
      inputs: hostile('1', '1e3'),
      check: (text) =>
        expect(parseDeltaSeconds(text)).toBe(Number.isNaN(Number(text)) ? undefined : Number(text) * 1_000),
    })
    expect(await run(broken)).toMatchObject({ target: 'broken' })
  })

  it('shares all inputs out, the same ones for the same seed', () => {
    for (const inputs of [1, 7, 1_000, 123_457]) {
      const parts = chunks(TARGETS, inputs, seed)
      expect(parts.reduce((sum, chunk) => sum + chunk.inputs, 0)).toBe(inputs)
      expect(parts).toEqual(chunks(TARGETS, inputs, seed))
    }
    const seeds = chunks(TARGETS, 1_000_000, seed).map((chunk) => chunk.seed)
    expect(new Set(seeds).size).toBe(seeds.length)
  })

  it('tells a reader that takes the square of the length from one that does not', () => {
    const growing = (read: (text: string) => unknown) =>
      target<string>({ name: 'growing', inputs: hostile('a'), check: () => undefined, read, longest: 6_144 })
    // So was the pattern by which a widely used library hid Authorization headers (CVE-2025-25289).
    const square = worstGrowth(
      growing((text) => /a*b/.exec(text)),
      ['a'],
    )
    expect(square).toMatchObject({ tooMuch: true })
    expect(worstGrowth(growing(parseChallenges), ['a', '"'])).toMatchObject({ tooMuch: false })
  })
})

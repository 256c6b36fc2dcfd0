import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

interface Survivor {
  readonly file: string
  /** The line on which the mutant begins. */
  readonly line: string
  readonly original: string
  readonly mutated: string
  readonly reason: string
}

const survivors = JSON.parse(readFileSync(join(root, 'tools/mutation/survivors.json'), 'utf8')) as Survivor[]

describe('an explained survivor of `npm run mutation`', () => {
  it.each(survivors)(
    'is a change of what stands in $file: $original -> $mutated',
    ({ file, line, original, mutated }) => {
      const text = readFileSync(join(root, file), 'utf8')
      const lines = text.split('\n')
      const begins = lines.flatMap((each, number) => (each.trim() === line ? [number] : []))
      const places = begins.map((number) => lines.slice(number).join(' ').replace(/\s+/g, ' '))
      expect(places.filter((place) => place.includes(original))).not.toEqual([])
      expect(mutated).not.toBe(original)
    },
  )

  it.each(survivors)('says in a sentence why no test finds it: $file: $original', (survivor) => {
    expect(Object.keys(survivor)).toEqual(['file', 'line', 'original', 'mutated', 'reason'])
    expect(survivor.file).toMatch(/^src\/(protocol|token|http|client|paging)\/[a-z0-9-]+\.ts$/)
    expect(survivor.reason).toMatch(/^[A-Z`].{20,300}\.$/)
  })

  it('is listed once', () => {
    const keys = survivors.map(({ reason: _, ...mutant }) => JSON.stringify(mutant))
    expect(new Set(keys).size).toBe(keys.length)
  })
})

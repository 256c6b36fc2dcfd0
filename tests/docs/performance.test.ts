import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Row {
  section: string
  name: string
  ratio: number
  low: number
  high: number
  bar?: number
  atLeast?: true
  met?: boolean
}

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
const { rows } = JSON.parse(read('performance.json')) as { rows: Row[] }
const sections: Readonly<Record<string, string>> = Object.fromEntries(
  [...read('performance.md').matchAll(/<!-- ([\w-]+) -->\n([^]*?)<!-- end -->/g)].map(([, name, table]) => [
    name,
    table!,
  ]),
)

describe('docs/performance.md', () => {
  it('has a table for each section that was measured', () => {
    expect(Object.keys(sections).sort()).toEqual([...new Set(rows.map(({ section }) => section))].sort())
  })

  it.each(rows)('says what was measured: $section: $name', ({ section, name, ratio, low, high, bar, atLeast, met }) => {
    const lines = sections[section]!.split('\n').filter((line) => line.startsWith(`| ${name} `))
    expect(lines).toHaveLength(1)
    expect(low).toBeLessThanOrEqual(ratio)
    expect(high).toBeGreaterThanOrEqual(ratio)
    const isMet = bar === undefined ? undefined : atLeast ? ratio >= bar : ratio <= bar
    expect(met).toBe(isMet)
    const verdict = { true: /\| met +\|/, false: /\| NOT MET +\|/, undefined: /^(?!.*\b(met|NOT MET)\b)/ }
    expect(lines[0]).toMatch(verdict[`${isMet}`])
  })

  it('explains each figure that does not meet its bar', () => {
    const missed = rows.filter(({ met }) => met === false).map(({ section }) => section)
    for (const section of missed) {
      const [, after] = read('performance.md').split(sections[section]!)
      expect(after).toMatch(/^<!-- end -->\s+[A-Z`*]/)
    }
  })
})

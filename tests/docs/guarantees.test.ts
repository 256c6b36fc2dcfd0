import { describe, expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { countTags, guarantees, root, tagsIn, untested } from './guarantees.js'

const rows = guarantees()
const counts = countTags()

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `R${String(first + index).padStart(2, '0')}`)

// tests/closing-line-reporter.js checks at the end of a run that the tests with a number ran.
describe('docs/guarantees.md', () => {
  it('has one row for each requirement that is implemented', () => {
    const implemented = [...numbers(1, 42), ...numbers(44, 48)]
    expect(rows.map(({ id }) => id)).toEqual(implemented)
  })

  it('has a row for each number in a test title', () => {
    expect([...counts.keys()].sort()).toEqual(rows.map(({ id }) => id))
  })

  it.each(rows)('$id is implemented in files that exist, and as many test titles have its number', (row) => {
    expect(row.guarantee).toMatch(/^.{20,}\.\)?$/)
    expect(row.files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(row.tests).toBe(counts.get(row.id))
  })
})

describe('a guarantee', () => {
  const id = numbers(1, 1).join()
  const test = (status: string, ...titles: string[]) => ({
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1)!,
    status,
  })
  const faults = (tests: ReturnType<typeof test>[], maySkip = false) =>
    untested([{ testFilePath: join(root, 'a.test.ts'), testResults: tests }], { maySkip, read: () => `a [${id}]` })

  it('is tested if all tests with its number ran', () => {
    expect(tagsIn(`a [${id}] › b`)).toEqual([id])
    expect(faults([test('passed', `a [${id}]`, 'b'), test('passed', `a [${id}]`, 'c'), test('pending', 'd')])).toEqual(
      [],
    )
  })

  it('is untested if one was skipped, or no test of a file that has its number ran', () => {
    expect(faults([test('passed', `a [${id}]`, 'b'), test('pending', `a [${id}]`, 'c')])).toEqual([
      `${id}: a.test.ts: skipped`,
    ])
    expect(faults([test('passed', 'a', 'b')])).toEqual([`${id}: a.test.ts: no test ran`])
    expect(faults([])).toEqual([`${id}: a.test.ts: no test ran`])
  })

  it('may be untested where tests may be skipped', () => {
    expect(faults([test('pending', `a [${id}]`)], true)).toEqual([])
  })
})

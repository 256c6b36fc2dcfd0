import { describe, expect, it } from '@jest/globals'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { brokenProofs, guarantees, root } from './proofs.js'

const rows = guarantees()

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `R${String(first + index).padStart(2, '0')}`)

// That the tests it names are there and pass is seen when the run is over, by tests/closing-line-reporter.js.
describe('docs/guarantees.md', () => {
  it('has one row for each requirement that is built', () => {
    const built = [...numbers(1, 42), ...numbers(44, 48)]
    expect(rows.map(({ id }) => id)).toEqual(built)
  })

  it.each(rows)(
    '$id is a promise, kept by files that exist and proved by some that do',
    ({ promise, keepers, proofs }) => {
      expect(promise).toMatch(/^.{20,}\.\)?$/)
      const files = [...keepers, ...proofs.map(({ file }) => file)]
      expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
      expect(proofs).not.toEqual([])
    },
  )
})

describe('a proof', () => {
  const file = 'tests/docs/guarantees.test.ts'
  const row = (name: string, at = file) => [{ id: 'R01', promise: '', keepers: [], proofs: [{ file: at, name }] }]
  const test = (status: string, ...titles: string[]) => ({
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1)!,
    status,
  })
  const broken = (name: string, tests: ReturnType<typeof test>[], maySkip = false) =>
    brokenProofs(row(name), [{ testFilePath: join(root, file), testResults: tests }], { maySkip })

  it('holds when its test, or each of its group, has passed', () => {
    const tests = [test('passed', 'a', 'b'), test('passed', 'a', 'c'), test('failed', 'ab')]
    expect(broken('a', tests)).toEqual([])
    expect(broken('a › b', tests)).toEqual([])
  })

  it('is broken by one that failed, was skipped, or is not there', () => {
    const tests = [test('passed', 'a', 'b'), test('failed', 'a', 'c'), test('pending', 'd')]
    expect(broken('a', tests)).toEqual([`R01: ${file}: a: failed`])
    expect(broken('d', tests)).toEqual([`R01: ${file}: d: pending`])
    expect(broken('a › d', tests)).toEqual([`R01: ${file}: a › d: not there`])
    expect(broken('d', tests, true)).toEqual([])
  })

  it('is neither by a file that was not run; one that does not exist breaks it', () => {
    expect(brokenProofs(row('a'), [], { maySkip: false })).toEqual([])
    expect(brokenProofs(row('a', 'tests/none.test.ts'), [], { maySkip: false })).toHaveLength(1)
  })
})

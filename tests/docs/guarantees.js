import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

const TAG = /\[(R\d\d)\]/g

/** The rows of docs/guarantees.md: what is guaranteed, which files implement it, and how many test titles have its number. */
export function guarantees(page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')) {
  const rows = page.matchAll(/^\| (?<id>R\d\d) *\| (?<guarantee>.+?) *\| (?<files>.+?) *\| (?<tests>\d+) *\|$/gm)
  return [...rows].map(({ groups: { id, guarantee, files, tests } }) => ({
    id,
    guarantee,
    files: files.split(', ').map((file) => /^`(src\/.+)`$/.exec(file)?.[1] ?? file),
    tests: Number(tests),
  }))
}

/** The numbers of guarantees in a text, in its order. */
export function tagsIn(text) {
  return [...text.matchAll(TAG)].map(([, id]) => id)
}

/** How many test titles have the number of each guarantee. */
export function countTags() {
  const counts = new Map()
  for (const file of readdirSync(join(root, 'tests'), { recursive: true })) {
    if (!file.endsWith('.test.ts')) continue
    for (const id of tagsIn(readFileSync(join(root, 'tests', file), 'utf8'))) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

/**
 * What of a Jest run does not test a guarantee that it should: a test with its number that was skipped, or a file with the
 * number in which no test ran. Failed tests count by themselves. With `maySkip`, a skipped test is no fault.
 */
export function untested(testResults, { maySkip, read = (path) => readFileSync(path, 'utf8') }) {
  return testResults.flatMap(({ testFilePath, testResults: tests }) => {
    const statuses = new Map(tagsIn(read(testFilePath)).map((id) => [id, []]))
    for (const { ancestorTitles, title, status } of tests) {
      for (const id of tagsIn([...ancestorTitles, title].join())) statuses.get(id)?.push(status)
    }
    return [...statuses]
      .filter(([, all]) => all.length === 0 || (!maySkip && all.some((status) => status === 'pending')))
      .map(([id, all]) => `${id}: ${relative(root, testFilePath)}: ${all.length === 0 ? 'no test ran' : 'skipped'}`)
  })
}

import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_CODES } from '../../src/base/errors.js'

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
const rows = [...page.matchAll(/^\| `(?<code>\w+)` *\| (?<meaning>.+?) *\| (?<advice>.+?) *\|$/gm)].map(
  (row) => row.groups,
)

test('docs/errors.md has one row for each code, in the order of the source', () => {
  expect(rows.map((row) => row?.['code'])).toEqual([...ERROR_CODES])
})

test('each row says what it means and what to check first', () => {
  for (const row of rows) {
    expect(row?.['meaning']).toMatch(/^.{20,}\.$/)
    expect(row?.['advice']).toMatch(/^.{20,}\.$/)
  }
})

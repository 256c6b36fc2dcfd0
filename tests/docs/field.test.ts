import { expect, test } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/field.md'), 'utf8')
const rows = [
  ...page.matchAll(/^\| (?<defect>.+?) *\| (?<seen>.+?) *\| (?<answer>.+?) *\| `(?<name>[a-z0-9-]+)` *\|$/gm),
].map((row) => row.groups!)
const tests = readdirSync(join(root, 'tests/field')).filter((file) => file.endsWith('.test.ts'))

test('docs/field.md has one row for each test of tests/field, and no other', () => {
  expect(rows.map((row) => `${row['name']}.test.ts`).sort()).toEqual(tests.sort())
})

test('each row says what goes wrong, where it was seen, and what happens here', () => {
  for (const row of rows) {
    expect(row['defect']).toMatch(/^.{20,}\.$/)
    expect(row['seen']).toMatch(/[a-z].{8,}\.$/i)
    expect(row['answer']).toMatch(/^.{15,}\.$/)
  }
})

test.each(tests)('%s begins by saying what happened to whom', (file) => {
  const source = readFileSync(join(root, 'tests/field', file), 'utf8')
  expect(source).toMatch(/^\/\*\*\n( \*.*\n){4,} \*\/\nimport /)
})

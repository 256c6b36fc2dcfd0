import { afterAll, expect, jest, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

jest.setTimeout(60_000)

const root = join(import.meta.dirname, '../..')
const committed = join(import.meta.dirname, 'api')
const folder = mkdtempSync(join(tmpdir(), 'everbearer-api-'))
afterAll(() => rmSync(folder, { recursive: true }))

execFileSync(process.execPath, ['tools/api-report.mjs', folder], { cwd: root })
const reports = readdirSync(folder)

test('there is a report of the public API of each entry', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
  const names = entries.map((entry) => `${entry === '.' ? 'everbearer' : entry.slice('./'.length)}.api.md`).sort()
  expect(reports.sort()).toEqual(names)
  expect(readdirSync(committed).sort()).toEqual(names)
})

// After a change that is meant: `npm run api`, and commit what it writes.
test.each(reports)('%s is as committed', (name) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(committed, name), 'utf8'))
})

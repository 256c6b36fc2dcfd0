import { beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { Journal } from './journal.js'
import { compare } from './year.js'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '../..')

describe('a week of it', () => {
  let output: string[]
  beforeAll(async () => {
    const program = ['tools/run.mjs', 'tests/year/main.ts', '--rows', '6000', '--days', '7']
    output = (await run(process.execPath, program, { cwd, timeout: 90_000 })).stdout.trim().split('\n')
  }, 90_000)

  it.each(['query', 'export'])('is read whole by %s, though the reader was killed', (way) => {
    const line = output.find((text) => text.startsWith(way))
    const killedAt = Number(/killed at (\d+),/.exec(line ?? '')?.[1])
    expect(line).toMatch(/: rows: 6000, missing: 0, duplicates: 0, peak MB: \d+ \(/)
    expect(killedAt).toBeGreaterThanOrEqual(3_000)
    expect(killedAt).toBeLessThan(6_000)
  })

  it('ends with the worse of both, in one line', () => {
    expect(output.at(-1)).toMatch(/^rows: 6000, missing: 0, duplicates: 0, peak MB: \d+$/)
    expect(Number(/\d+$/.exec(output.at(-1)!)?.[0])).toBeLessThan(150)
  })
})

it('a wrong argument is one line', async () => {
  const wrong = run(process.execPath, ['tools/run.mjs', 'tests/year/main.ts', '--rows', 'many'], { cwd })
  await expect(wrong).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^--rows takes .*\n$/) })
})

describe('what was read, against what is there', () => {
  it.each([
    ['all of it', ['a', 'b'], { rows: 2, missing: 0, duplicates: 0, strange: 0 }],
    ['one too few', ['a'], { rows: 1, missing: 1, duplicates: 0, strange: 0 }],
    ['one twice', ['a', 'b', 'a'], { rows: 3, missing: 0, duplicates: 1, strange: 0 }],
    ['one that is not there', ['a', 'b', 'c'], { rows: 3, missing: 0, duplicates: 0, strange: 1 }],
  ])('is %s', (_what, read, counts) => {
    expect(compare(read, ['a', 'b'])).toEqual(counts)
  })
})

describe('a journal', () => {
  it('forgets what was written behind its last checkpoint', () => {
    const folder = mkdtempSync(join(tmpdir(), 'everbearer-journal-'))
    try {
      const first = new Journal(folder)
      expect(first.goOn()).toEqual({ bytes: 0, peak: 0 })
      first.write(['a', 'b'])
      first.keep('after b', 7)
      first.write(['c'])
      const second = new Journal(folder)
      expect(second.goOn()).toMatchObject({ checkpoint: 'after b', peak: 7 })
      second.write(['d'])
      expect(second.ids()).toEqual(['a', 'b', 'd'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '../..')
const program = (...args: string[]) =>
  run(process.execPath, ['tools/run.mjs', 'tests/stores/main.ts', ...args], { cwd })

it('processes that share a file store ask once for all, and go on when the one that asks is killed', async () => {
  const { stdout } = await program('--processes', '4', '--seconds', '3', '--within', '5000')
  expect(stdout).toMatch(/, token requests in a lifetime: 1, failures: 0, after the kill: \d+ ms, 1 token request\n$/)
}, 60_000)

it('a wrong argument is one line', async () => {
  const wrong = program('--seconds', 'many')
  await expect(wrong).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^--seconds takes .*\n$/) })
})

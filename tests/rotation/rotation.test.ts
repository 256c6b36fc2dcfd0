import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '../..')
const program = (...args: string[]) =>
  run(process.execPath, ['tools/run.mjs', 'tests/rotation/main.ts', ...args], { cwd })

it('a session survives a process that is killed while it refreshes, but for the window that is named [R12]', async () => {
  const { stdout } = await program('--kills', '12')
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^kills: 12, inside the window: \d+, lost: 0$/)
}, 60_000)

it('a wrong argument is one line', async () => {
  const wrong = program('--kills', 'many')
  await expect(wrong).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^--kills takes .*\n$/) })
})

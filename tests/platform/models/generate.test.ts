import { execFile } from 'node:child_process'
import { appendFile, cp, mkdtemp, readFile, rm, symlink, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')

/** The exit code and what was printed. */
function generate(folder: string, ...options: string[]): Promise<{ code: unknown; printed: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [join(folder, 'tools/models/generate.mjs'), ...options], (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, printed: stdout + stderr }),
    )
  })
}

let copy: string

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'models-'))
  for (const path of ['tools/models', 'src/genesys/models', 'src/cxone/models', '.prettierrc.json']) {
    await cp(join(root, path), join(copy, path), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
})

afterEach(() => rm(copy, { recursive: true }))

test('the committed files are what the generator writes', async () => {
  expect(await generate(root, '--check')).toEqual({ code: 0, printed: '' })
})

test('a file that was edited, or is missing, is named, and written anew', async () => {
  await appendFile(join(copy, 'src/genesys/models/users.ts'), '// by hand\n')
  await unlink(join(copy, 'src/genesys/models/errors.ts'))
  await appendFile(join(copy, 'src/cxone/models/agents.ts'), '// by hand\n')
  const { code, printed } = await generate(copy, '--check')
  expect(code).toBe(1)
  expect(printed).toMatch('genesys.json says: src/genesys/models/errors.ts, users.ts.')
  expect(printed).toMatch('cxone.json says: src/cxone/models/agents.ts.')

  expect(await generate(copy)).toEqual({ code: 0, printed: '' })
  for (const path of ['src/genesys/models/users.ts', 'src/genesys/models/errors.ts', 'src/cxone/models/agents.ts']) {
    expect(await readFile(join(copy, path), 'utf8')).toBe(await readFile(join(root, path), 'utf8'))
  }
})

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

jest.setTimeout(120_000)

const root = join(import.meta.dirname, '../..')
/** A project that has everbearer installed, and of the compiler's checks `strict` alone. */
let project: string

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'everbearer-'))
  await mkdir(join(project, 'node_modules'))
  await symlink(root, join(project, 'node_modules/everbearer'))
  for (const name of ['undici', '@types']) {
    await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name))
  }
  const compilerOptions = {
    strict: true,
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    types: ['node'],
    noEmit: true,
    skipLibCheck: true,
  }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['options.ts'] }))
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
})
afterAll(() => rm(project, { recursive: true }))

/** What the compiler says of it. */
async function complaints(code: string): Promise<string> {
  await writeFile(join(project, 'options.ts'), code)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [tsc], { cwd: project }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  )
  return stdout + stderr
}

test.each([
  ['cannot give a secret that may be unset, or no credential', 'options'],
  ['reads rows by the types of their models', 'schemas'],
  ['narrows an error to the codes of its class', 'error-codes'],
])('a project without exactOptionalPropertyTypes %s', async (_, file) => {
  const code = await readFile(join(root, `tests/types/${file}.ts`), 'utf8')
  const installed = code
    .replaceAll(/'\.\.\/\.\.\/src\/(\w+)\/index\.js'/g, "'everbearer/$1'")
    .replaceAll("'../../src/index.js'", "'everbearer'")
  expect(installed).not.toContain('../')
  expect(await complaints(installed)).toBe('')
})

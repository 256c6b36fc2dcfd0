// Runs the project's own `npm test` on Node 24 with undici 8 and msw 3. Nothing is remapped: the project is copied to
// tools/next/lane, whose node_modules is the newer stack, so that child processes get it too.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { home, manifest, read, root } from './manifest.mjs'

const modules = join(home, 'node_modules')
const lane = join(home, 'lane')
const bin = join(modules, 'node24', 'bin')

if (!isDeepStrictEqual(read(home), manifest())) {
  fail('tools/next/package.json does not follow the package.json of the root: run `node tools/next/lock.mjs`')
}
if (modifiedAt(join(modules, '.package-lock.json')) < modifiedAt(join(home, 'package-lock.json'))) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home })
}
if (spawnSync(join(bin, 'node'), ['--version']).status !== 0) {
  fail(`no Node 24 for ${process.platform}-${process.arch}: the second lane runs on linux-x64 only`)
}

rmSync(lane, { recursive: true, force: true })
copy(root, lane)
symlinkSync(modules, join(lane, 'node_modules'))
run('npm', ['test', '--', ...process.argv.slice(2)], {
  cwd: lane,
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, LANE: 'next' },
})

function copy(from, to) {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (['.git', 'coverage', 'dist', 'lane', 'node_modules'].includes(entry.name)) continue
    const copyEntry = entry.isDirectory() ? copy : copyFileSync
    copyEntry(join(from, entry.name), join(to, entry.name))
  }
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function run(command, args, options) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (status !== 0) process.exit(status ?? 1)
}

function fail(reason) {
  console.error(`test:next: ${reason}`)
  process.exit(1)
}

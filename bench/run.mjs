// `npm run bench`: installs what is compared with, once, bundles the benchmark and runs it. Everbearer is what `npm run
// build` has just built, put where an installed package is: so it gets the same undici as the others.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const bench = import.meta.dirname
const packages = join(bench, 'node_modules')
const installed = join(packages, '.package-lock.json')

const age = (path) => statSync(path).mtimeMs
if (!existsSync(installed) || age(installed) < age(join(bench, 'package-lock.json'))) {
  console.error('Installing what everbearer is compared with …')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: bench,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
const root = join(bench, '..')
const everbearer = join(packages, 'everbearer')
rmSync(everbearer, { recursive: true, force: true })
for (const path of ['package.json', 'dist']) cpSync(join(root, path), join(everbearer, path), { recursive: true })

const outdir = join(packages, '.bench')
const typescript = (folder) => readdirSync(join(bench, folder)).filter((name) => name.endsWith('.ts'))
await build({
  absWorkingDir: bench,
  entryPoints: [
    'main.ts',
    ...['clients', 'getters', 'processes'].flatMap((at) => typescript(at).map((name) => join(at, name))),
  ],
  outdir,
  outbase: bench,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
await import(pathToFileURL(join(outdir, 'main.mjs')))

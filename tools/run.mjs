// Runs a TypeScript program of the tests in plain Node: `node tools/run.mjs tests/fuzz/main.ts 1000`. It is bundled with
// the sources as they stand, so that no build comes first, and it gets the rest of the command line.
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const [entry, ...parameters] = process.argv.slice(2)

// Inside node_modules, so that the bundle finds the packages.
const folder = mkdtempSync(join(root, 'node_modules', '.everbearer-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
]) {
  process.once(signal, () => process.exit(128 + number))
}

const outfile = join(folder, 'program.mjs')
await build({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
})
process.argv = [process.argv[0], join(root, entry), ...parameters]
await import(pathToFileURL(outfile))

// `npm run build`, after tsc has written the types: one module for each entry of the package, and what they share. To
// import a package of two hundred files takes 50 ms longer than one of five (docs/decisions/0020-what-is-published.md).
import { build } from 'esbuild'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Built into ours: everything else that we import is the user's to install, at a version of theirs. */
const BUILT_IN = ['zod']

const entries = Object.values(manifest.exports).flatMap(({ default: path }) => path ?? [])
const programs = ['./dist/cli/main.js', './dist/cli/simulator-process.js']
const sources = [...entries, ...programs].map((path) => path.replace('./dist/', 'src/').replace(/js$/, 'ts'))

/**
 * Makes the core one file: without this, what each other entry uses of it would be a file for every set of entries, and
 * the time that an import takes goes with their number.
 */
const wholeCore = {
  name: 'whole-core',
  setup({ onLoad, onResolve }) {
    const core = join(root, 'src/index.ts')
    const others = new Set(sources.map((path) => join(root, path)))
    others.delete(core)
    onResolve({ filter: /^\..*\.js$/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') others.add(join(resolveDir, path.replace(/js$/, 'ts')))
    })
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!others.has(path)) return undefined
      return { contents: `${readFileSync(path, 'utf8')}\nimport * as core from ${JSON.stringify(core)}`, loader: 'ts' }
    })
  },
}
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: sources,
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'shared/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['dependencies', 'devDependencies', 'peerDependencies']
    .flatMap((kind) => Object.keys(manifest[kind]))
    .filter((name) => !BUILT_IN.includes(name)),
  plugins: [wholeCore],
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
})

// After the new ones are there: a process may be importing what another has just built.
const written = new Set(Object.keys(metafile.outputs))
for (const path of readdirSync(dist, { recursive: true })) {
  if (/\.js(\.map)?$/.test(path) && !written.has(join('dist', path))) rmSync(join(dist, path), { force: true })
}

const licenses = BUILT_IN.map(
  (name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')}`,
)
writeFileSync(
  join(dist, 'LICENSES.txt'),
  `What is built into these modules, and its license.\n\n${licenses.join('\n')}`,
)

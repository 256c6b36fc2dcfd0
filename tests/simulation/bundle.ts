import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutation } from './mutations.js'

const root = join(import.meta.dirname, '../..')

/** The program of `npm run histories` over the sources as they stand, or broken in one place. */
export async function bundleSimulation(outfile: string, mutation?: Mutation): Promise<void> {
  await build({
    entryPoints: [join(root, 'tests/simulation/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
    plugins: mutation ? [broken(mutation)] : [],
  })
}

function broken({ name, file, text, becomes }: Mutation): Plugin {
  const path = join(root, 'src', file)
  const source = readFileSync(path, 'utf8')
  const places = source.split(text).length - 1
  if (places !== 1) throw new Error(`“${name}”: its text is found ${places} times in src/${file}, not once: ${text}`)
  const contents = source.replace(text, () => becomes)
  return {
    name: 'broken',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, (args) => (args.path === path ? { contents, loader: 'ts' } : null)),
  }
}

import { build } from 'esbuild'
import { join } from 'node:path'
import { runModule } from '../docs/run-module.js'
import type { RunOptions } from '../docs/run-module.js'

const root = join(import.meta.dirname, '../..')

/** Runs a module in plain Node, in which `./src/…` is the source as it stands. Answers what it printed. */
export async function runSource(code: string, options?: RunOptions): Promise<string> {
  return runModule(await bundled(code), options)
}

/** The text of a module that imports `./src/…`, with all of that in it. The packages stay imports, and come first. */
export async function bundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

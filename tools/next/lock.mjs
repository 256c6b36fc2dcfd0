// Writes package.json and package-lock.json of the second lane: run it when a dependency of the root changed.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home, manifest } from './manifest.mjs'

writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
const npm = ['install', '--package-lock-only', '--ignore-scripts', '--loglevel=error']
process.exitCode = spawnSync('npm', npm, { cwd: home, stdio: 'inherit' }).status ?? 1

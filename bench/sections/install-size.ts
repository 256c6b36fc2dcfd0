import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exactly, row } from '../row.js'
import type { Section } from '../section.js'

const SDK = 'purecloud-platform-client-v2'

/** Bytes of all files in a folder. */
function sizeOf(folder: string): number {
  let size = 0
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const { size: bytes, isFile } = statOf(join(folder, path))
    if (isFile) size += bytes
  }
  return size
}

function statOf(path: string) {
  const stat = lstatSync(path)
  return { size: stat.size, isFile: stat.isFile() }
}

const npm = (args: string[], cwd: string) => execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8' })

/** Installs a package as its user would, and answers the bytes of all that came, without undici. */
function installed(what: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'everbearer-size-'))
  try {
    npm(['init', '--yes'], folder)
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', what, 'undici@7'], folder)
    const packages = join(folder, 'node_modules')
    return sizeOf(packages) - sizeOf(join(packages, 'undici'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const installSize: Section = {
  name: 'install-size',
  title: 'Installed size with dependencies, undici apart',

  run() {
    const packed = mkdtempSync(join(tmpdir(), 'everbearer-pack-'))
    try {
      const file = npm(['pack', '--pack-destination', packed], process.cwd()).trim().split('\n').at(-1)!
      const [ours, sdk] = [installed(join(packed, file)), installed(SDK)]
      const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
      const detail = `${megabytes(ours)} / ${megabytes(sdk)}`
      const rows = [row('install-size', 'everbearer / SDK', exactly(ours / sdk), { bar: 1 / 3, detail })]
      return Promise.resolve({ rows, raw: { everbearer: ours, sdk } })
    } finally {
      rmSync(packed, { recursive: true })
    }
  },
}

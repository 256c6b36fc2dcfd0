import { describe, expect, jest, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runModule } from '../docs/run-module.js'

// runModule has a limit of its own.
jest.setTimeout(30_000)

interface Manifest {
  name: string
  exports: Record<string, string | Record<string, string>>
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const manifestIn = (folder: string) => JSON.parse(read(join(folder, 'package.json'))) as Manifest
const manifest = manifestIn('.')

describe('the published package', () => {
  const report = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8' })
  const paths = (JSON.parse(report) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path)

  test('holds what was built and what is to be read, and nothing else', () => {
    const expected =
      /^(dist\/(?!cli\/).+\.(js|d\.ts|js\.map)|dist\/LICENSES\.txt|docs\/.+\.md|docs\/performance\.svg|(README|CHANGELOG)\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !expected.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'LICENSE', 'dist/index.js']))
  })

  // Whoever raises the figure says why in the commit.
  test('has a core of at most 233 kB', () => {
    const reached = new Set(['dist/index.js'])
    for (const path of reached) {
      for (const [, specifier = ''] of read(path).matchAll(/\bfrom "(\.[^"]+)"/g)) {
        if (specifier !== '') reached.add(join(dirname(path), specifier))
      }
    }
    const bytes = [...reached].reduce((sum, path) => sum + Buffer.byteLength(read(path)), 0)
    expect(reached.size).toBe(2)
    expect(bytes).toBeLessThanOrEqual(233_000)
  })

  test('holds every target of its exports', () => {
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    )
    expect(targets.filter((target) => !paths.includes(target.slice('./'.length)))).toEqual([])
  })

  test('has types that need no package but undici', () => {
    const seen = new Set<string>()
    const packages = new Set<string>()
    const read = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      const code = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '')
      for (const [, specifier = ''] of code.matchAll(/(?:from|import\() ?['"]([^'"]+)['"]/g)) {
        if (specifier.startsWith('.')) read(join(dirname(path), specifier.replace(/\.js$/, '.d.ts')))
        else packages.add(specifier)
      }
    }
    for (const entry of Object.values(manifest.exports)) if (typeof entry !== 'string') read(join(entry['types']!))
    expect([...seen].filter((path) => !paths.includes(path))).toEqual([])
    expect([...packages].filter((name) => !name.startsWith('node:')).sort()).toEqual(['msw', 'undici'])
  })

  test('runs no script where it is installed', () => {
    expect(Object.keys(manifest.scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/install|^prepare$/)]),
    )
  })
})

describe('the entries', () => {
  const entries = Object.keys(manifest.exports)
    .filter((key) => key !== './package.json')
    .map((key) => manifest.name + key.slice('.'.length))

  test.each(entries)('%s loads with import and with require', async (entry) => {
    await runModule(`
      import { createRequire } from 'node:module'
      import * as imported from '${entry}'
      const required = createRequire(process.cwd() + '/')('${entry}')
      if (required.EverbearerError !== imported.EverbearerError) throw new Error('loaded twice')`)
  })

  test.each(entries)('%s gives classes and functions the names that they are exported by', async (entry) => {
    await runModule(`
      import * as exported from '${entry}'
      for (const [name, value] of Object.entries(exported)) {
        if (typeof value === 'function' && value.name !== name) throw new Error(name + ' is called ' + value.name)
      }`)
  })

  test('the core is one file, with what other entries share in one more', () => {
    const imports = (path: string) =>
      [...read(path).matchAll(/^(?:import|} from) .*"(\.[^"]+)"/gm)].map(([, to]) => to!)
    const [shared, ...others] = imports('dist/index.js')
    expect(others).toEqual([])
    expect(imports(join('dist', shared!))).toEqual([])
  })

  test('load no package before it is of use', async () => {
    const optional = ['csv-parse', 'ioredis', 'msw', 'p-queue', 'p-retry', 'redis', 'zod']
    const loaded = Object.fromEntries(
      await Promise.all(
        entries.map(async (entry) => [
          entry,
          (await packagesLoadedBy(entry)).filter((name) => optional.includes(name)),
        ]),
      ),
    )
    expect(loaded).toEqual({
      everbearer: [],
      'everbearer/cxone': ['p-queue', 'p-retry'],
      'everbearer/genesys': ['p-queue', 'p-retry'],
      'everbearer/redis': [],
      'everbearer/testing': [],
    })
  })
})

/** The packages whose scripts V8 parses while an entry loads, in alphabetical order. */
async function packagesLoadedBy(entry: string): Promise<string[]> {
  const output = await runModule(`
    import { Session } from 'node:inspector'
    const session = new Session()
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => console.log(params.url))
    session.post('Debugger.enable')
    await import('${entry}')`)
  const names = [...output.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!node_modules\/)/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names)].sort()
}

describe('the lock files', () => {
  const folders = ['.', 'bench', 'tools/network', 'tools/next']

  test.each(folders)('%s: names no download address', (folder) => {
    expect(read(join(folder, 'package-lock.json'))).not.toContain('"resolved"')
    expect(read(join(folder, '.npmrc'))).toContain('omit-lockfile-registry-resolved=true')
  })

  test('the second lane follows the package.json of the root (else run `node tools/next/lock.mjs`)', async () => {
    const output = await runModule(`
      import { manifest } from './tools/next/manifest.mjs'
      console.log(JSON.stringify(manifest()))`)
    expect(manifestIn('tools/next')).toEqual(JSON.parse(output))
  })
})

describe('the lane under test', () => {
  const isNext = process.env['LANE'] === 'next'
  const wanted = isNext ? manifestIn('tools/next').dependencies : manifest.devDependencies

  test.each(['undici', 'msw'])('has the %s that it names', async (name) => {
    const output = await runModule(`
      import { readFileSync } from 'node:fs'
      console.log(import.meta.resolve('${name}'))
      console.log(JSON.parse(readFileSync('node_modules/${name}/package.json', 'utf8')).version)`)
    expect(output).toContain(`/node_modules/${name}/`)
    expect(output.trim().split('\n').at(-1)).toBe(wanted[name])
  })

  test('runs itself and its child processes on one Node', async () => {
    await expect(runModule('console.log(process.version)')).resolves.toBe(`${process.version}\n`)
    if (isNext) expect(process.version).toMatch(/^v24\./)
  })
})

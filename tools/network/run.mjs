// `npm run network`: does everbearer send everything through the dispatcher that the process was told to use? One process
// for each Node, each undici beside everbearer, and each way of telling. Ends with `network: N passed, N failed, N skipped`.
import { build } from 'esbuild'
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { startHosts } from './hosts.mjs'

const home = import.meta.dirname
const root = join(home, '../..')
const modules = join(home, 'node_modules')
const NODES = [20, 22, 24, 26]
const PEERS = [7, 8]
const WAYS = [
  { way: 'environment' },
  ...['ProxyAgent', 'MockAgent'].flatMap((way) => [6, 7, 8].map((major) => ({ way, major }))),
]

install()
await bundle()
const hosts = await startHosts()
const counts = { passed: 0, failed: 0, skipped: 0 }
const complaints = []
for (const { way, major } of WAYS) {
  const title = way === 'environment' ? 'NODE_USE_ENV_PROXY' : `${way} of undici ${major}`
  for (const peer of PEERS) {
    const cells = []
    for (const node of NODES) cells.push(`${node}: ${await cell({ way, major, peer, node, title })}`)
    console.log(`${title.padEnd(24)} undici ${peer} on Node ${cells.join('  ')}`)
  }
}
hosts.close()
for (const complaint of complaints) console.log(`\n${complaint}`)
console.log(`\nnetwork: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1

/** Runs one process, and returns one word for the table. */
async function cell(what) {
  const { way, major, peer, node, title } = what
  const binary = nodeBinary(node)
  const reason = binary === undefined ? 'no such Node here' : impossible(what)
  if (reason !== undefined) {
    counts.skipped += 1
    return 'skipped'
  }
  const found = await run(binary, { way, major, peer })
  const wrong = wrongIn(found, what)
  counts[wrong === undefined ? 'passed' : 'failed'] += 1
  if (wrong !== undefined) complaints.push(`${title}, undici ${peer}, Node ${node}: ${wrong}\n${JSON.stringify(found)}`)
  return wrong === undefined ? 'passed ' : 'FAILED '
}

/** undici 8 does not load on Node 20, and Node 20 ignores NODE_USE_ENV_PROXY. */
function impossible({ way, major, peer, node }) {
  return node === 20 && (way === 'environment' || major === 8 || peer === 8) ? 'not on Node 20' : undefined
}

/** undici 8 replaces the proxy agent of Node 22 when it is imported. everbearer can only say so. */
function isProxyLost({ way, peer, node }) {
  return way === 'environment' && peer === 8 && node === 22
}

/** What is not as it should be, in words. */
function wrongIn({ results, warnings, hits, error }, what) {
  if (error !== undefined) return 'the process failed'
  const isMocked = what.way === 'MockAgent'
  const wanted = isMocked ? 'mocked' : 'real'
  const others = Object.keys(results).filter((name) => results[name] !== wanted)
  if (others.length > 0) return `not ${wanted}: ${others.join(', ')}`
  const isLost = isProxyLost(what)
  const lost = warnings.filter((code) => code === 'EVERBEARER_PROXY_UNUSED')
  if (lost.length !== (isLost ? 1 : 0)) return `${lost.length} warnings of an unused proxy`
  const [direct, proxied] = isMocked ? [0, 0] : isLost ? [4, 0] : [0, 4]
  if (hits.direct !== direct || hits.proxied !== proxied)
    return `${hits.direct} went direct, ${hits.proxied} by the proxy`
  return undefined
}

async function run(binary, { way, major, peer }) {
  const before = hosts.hits()
  const task = { way, proxy: hosts.proxy, urls: hosts.urls }
  if (major !== undefined) task.other = pathToFileURL(join(modules, `other${major}`, 'index.js')).href
  const proxies = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: hosts.proxy, HTTP_PROXY: hosts.proxy }
  const env = { PATH: process.env.PATH, ...hosts.env, ...(way === 'environment' && proxies) }
  const program = join(modules, `with-undici-${peer}`, 'program.mjs')
  const args = [...hosts.nodeArguments, program, JSON.stringify(task)]
  try {
    const { stdout } = await promisify(execFile)(binary, args, { env, timeout: 60_000, killSignal: 'SIGKILL' })
    const after = hosts.hits()
    const hits = { direct: after.direct - before.direct, proxied: after.proxied - before.proxied }
    return { ...JSON.parse(stdout), hits }
  } catch (error) {
    return { error: String(error.stderr || error) }
  }
}

/** The program with the sources as they stand, twice: beside undici 7 and beside undici 8. */
async function bundle() {
  for (const peer of PEERS) {
    const folder = join(modules, `with-undici-${peer}`)
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    const link = join(folder, 'node_modules', 'undici')
    if (!existsSync(link)) symlinkSync(join(modules, `peer${peer}`), link)
    await build({
      entryPoints: [join(root, 'tests/network/program.ts')],
      outfile: join(folder, 'program.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    })
  }
}

/** Undefined if this major is not to be had here. */
function nodeBinary(major) {
  if (process.version.startsWith(`v${major}.`)) return process.execPath
  const binary = join(modules, `node${major}`, 'bin', 'node')
  return existsSync(binary) && spawnSync(binary, ['--version']).status === 0 ? binary : undefined
}

function install() {
  if (modifiedAt(join(modules, '.package-lock.json')) < modifiedAt(join(home, 'package-lock.json'))) {
    const npm = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    if (spawnSync('npm', npm, { cwd: home, stdio: 'inherit' }).status !== 0) {
      console.error('network: NOTHING WAS TESTED, because npm could not install tools/network. See its message above.')
      process.exit(1)
    }
  }
  const missing = NODES.filter((major) => nodeBinary(major) === undefined)
  if (missing.length > 0)
    console.error(`network: NOT TESTED on Node ${missing.join(', ')}: no such Node could be installed.`)
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

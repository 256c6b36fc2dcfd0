import ts from 'typescript'
import type { ImportGraph, Sources } from './import-graph.js'

const CORE = ['http', 'grants', 'server', 'client-auth', 'token', 'protocol', 'base']
const CLIENT = ['platform', 'paging', 'client', ...CORE]

/** Which rooms a room may import from, beside itself. The files directly in src are the core's public face. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  face: ['stores', ...CORE],
  base: [],
  protocol: ['base'],
  token: ['base'],
  'client-auth': ['token', 'protocol', 'base'],
  server: ['client-auth', 'token', 'protocol', 'base'],
  grants: ['server', 'client-auth', 'token', 'protocol', 'base'],
  http: ['token', 'protocol', 'base'],
  client: ['http', 'token', 'protocol', 'base'],
  paging: ['protocol', 'base'],
  platform: ['paging', 'client', ...CORE],
  genesys: CLIENT,
  cxone: CLIENT,
  stores: ['token', 'base'],
  redis: ['token', 'base'],
  testing: ['protocol', 'base'],
  cli: ['face', 'genesys', 'cxone', 'stores', 'redis', 'testing', ...CLIENT],
}

const MANAGER = /^token\/(token-)?manager\b/

/** Which places may import a package: a room, or the beginning of a path. Every other package is for tests only. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  undici: [
    'base/default-agent.ts',
    'base/dispatcher.ts',
    'base/foreign-dispatcher.ts',
    'base/global-dispatcher.ts',
    'base/two-way-handler.ts',
    'server/',
    'client-auth/',
    'grants/',
    'http/',
    'client/',
    'platform/',
    'genesys/',
    'cxone/',
    'testing/',
    'cli/',
  ],
  zod: ['platform/', 'genesys/', 'cxone/'],
  'csv-parse': ['cxone/'],
  jose: ['client-auth/'],
  'fs-native-extensions': ['stores/'],
  'p-queue': ['client/rate-limiter.ts'],
  'p-retry': ['client/retry.ts'],
  msw: ['testing/'],
  'cli-progress': ['cli/'],
  picocolors: ['cli/'],
}

/** Arrows point down only, and a package stays in its places. */
export function strayImports(graph: ImportGraph): string[] {
  return [...graph].flatMap(([path, imports]) =>
    imports
      .filter(({ kind, target }) => !(kind === 'file' ? mayImportFile(path, target) : mayImportPackage(path, target)))
      .map(({ target }) => `${path} imports ${target}`),
  )
}

function mayImportFile(importer: string, target: string): boolean {
  const from = roomOf(importer)
  const to = roomOf(target)
  // http knows no manager: they meet at TokenSource, in the user's code.
  if (from === 'http' && MANAGER.test(target)) return false
  return from === to || (ROOMS[from] ?? []).includes(to)
}

function mayImportPackage(importer: string, name: string): boolean {
  return (PACKAGES[name] ?? []).some((place) => importer.startsWith(place))
}

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : 'face'
}

/** Past 300 lines a file wants to be two; generated schemas excepted. */
export function longFiles(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !/^(genesys|cxone)\/models\//.test(path))
    .map(([path, text]) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path} has ${lines} lines`)
}

/** Programs and entries, which start by themselves. */
const STARTED = /(^|\/)(index|[a-z-]+-process)\.ts$|\.d\.ts$/

/** A file of less than 25 lines with one importer is merged into it. */
export function smallFiles(sources: Sources, graph: ImportGraph): string[] {
  const importers = new Map<string, Set<string>>()
  for (const [path, imports] of graph) {
    for (const { target } of imports) importers.set(target, (importers.get(target) ?? new Set()).add(path))
  }
  return [...sources]
    .map(([path, text]) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ path, lines }) => lines < 25 && (importers.get(path)?.size ?? 0) <= 1 && !STARTED.test(path))
    .map(({ path, lines }) => `${path} has ${lines} lines and one importer`)
}

/** Folders and files are named in kebab-case, by a noun of the field. */
export function vagueNames(sources: Sources): string[] {
  return [...sources.keys()].filter((path) =>
    path
      .replace(/(\.d)?\.ts$/, '')
      .split('/')
      .some((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc)$/.test(name)),
  )
}

/** Where real time and chance may be: the clock itself, and programs for a person at a terminal. */
const REAL_TIME = ['base/clock.ts', 'cli/', 'testing/serve']
const TIME_AND_CHANCE = ['Date.now', 'new Date', 'performance.now', 'setTimeout', 'setInterval', 'Math.random']

/** Time and chance come from a Clock, so that tests and simulations decide both. */
export function clocksOfTheirOwn(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !REAL_TIME.some((place) => path.startsWith(place)))
    .flatMap(([path, text]) => timeAndChanceIn(path, text).map((name) => `${path} uses ${name}`))
}

function timeAndChanceIn(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const uses: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) uses.push(node.expression.getText(source))
    if (ts.isNewExpression(node) && !node.arguments?.length) uses.push(`new ${node.expression.getText(source)}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return uses.map((use) => use.replace(/^globalThis\./, '')).filter((use) => TIME_AND_CHANCE.includes(use))
}

import { posix } from 'node:path'
import ts from 'typescript'

/** Source text by path below src, such as `token/token-manager.ts`. */
export type Sources = ReadonlyMap<string, string>

/** What one import or re-export names: a file of ours by its path below src, or a package. */
export interface Import {
  readonly kind: 'file' | 'package'
  readonly target: string
  /** When it is loaded: with the module that names it, later by `import()`, or never, because only types are meant. */
  readonly loads: 'at once' | 'on demand' | 'never'
}

export type ImportGraph = ReadonlyMap<string, readonly Import[]>

export function importGraph(sources: Sources): ImportGraph {
  return new Map([...sources].map(([path, text]) => [path, importsOf(path, text)]))
}

/** The files on each circle of imports, types included. */
export function circles(graph: ImportGraph): string[][] {
  const found: string[][] = []
  const finished = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path])
    if (start >= 0 || finished.has(path)) return
    for (const { kind, target } of importsIn(graph, path)) if (kind === 'file') visit(target, [...trail, path])
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** The files of ours that Node loads together with a file, directly or through others. */
export function filesLoadedWith(graph: ImportGraph, entry: string): Set<string> {
  const reached = new Set([entry])
  for (const path of reached) {
    for (const { kind, target, loads } of importsIn(graph, path)) {
      if (kind === 'file' && loads === 'at once') reached.add(target)
    }
  }
  return reached
}

/** The packages that Node loads together with a file, directly or through other files of ours. */
export function packagesLoadedWith(graph: ImportGraph, entry: string): Set<string> {
  const reached = new Set([entry])
  const packages = new Set<string>()
  for (const path of reached) {
    for (const { kind, target, loads } of importsIn(graph, path)) {
      if (loads === 'at once') (kind === 'file' ? reached : packages).add(target)
    }
  }
  return packages
}

function importsIn(graph: ImportGraph, path: string): readonly Import[] {
  const imports = graph.get(path)
  if (!imports) throw new Error(`No such source file: ${path}`)
  return imports
}

function importsOf(path: string, text: string): Import[] {
  const imports: Import[] = []
  const add = (specifier: ts.Node | undefined, loads: Import['loads']) => {
    if (!specifier || !ts.isStringLiteral(specifier) || specifier.text.startsWith('node:')) return
    imports.push({ ...named(path, specifier.text), loads })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'never' : 'at once')
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly ? 'never' : 'at once')
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'never')
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], 'on demand')
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
  return imports
}

function named(importer: string, specifier: string): Pick<Import, 'kind' | 'target'> {
  if (specifier.startsWith('.')) {
    return { kind: 'file', target: posix.join(posix.dirname(importer), specifier).replace(/\.js$/, '.ts') }
  }
  const [scopeOrName = '', name] = specifier.split('/')
  return { kind: 'package', target: scopeOrName.startsWith('@') ? `${scopeOrName}/${String(name)}` : scopeOrName }
}

import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clocksOfTheirOwn, longFiles, smallFiles, strayImports, vagueNames } from './house-rules.js'
import { circles, filesLoadedWith, importGraph, packagesLoadedWith } from './import-graph.js'

const src = join(import.meta.dirname, '../../src')
const sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(src, path), 'utf8')]),
)
const graph = importGraph(sources)

describe('imports', () => {
  test('point down only, and packages stay in their rooms', () => {
    expect(strayImports(graph)).toEqual([])
  })

  test('form no circles', () => {
    expect(circles(graph)).toEqual([])
  })

  test('of the token room load no package', () => {
    const token = [...graph.keys()].filter((path) => path.startsWith('token/'))
    expect(token.flatMap((path) => [...packagesLoadedWith(graph, path)])).toEqual([])
  })

  test('of the core load nothing but undici', () => {
    expect([...packagesLoadedWith(graph, 'index.ts')].filter((name) => name !== 'undici')).toEqual([])
  })

  // Whoever raises a figure says why in the commit.
  test('of the core reach no more files and lines than it takes', () => {
    const texts = [...filesLoadedWith(graph, 'index.ts')].map((path) => sources.get(path)!)
    const lines = texts.reduce((sum, text) => sum + text.trimEnd().split('\n').length, 0)
    expect(texts.length).toBeLessThanOrEqual(136)
    expect(lines).toBeLessThanOrEqual(10_300)
  })

  test('of the simulator load no msw', () => {
    expect(packagesLoadedWith(graph, 'testing/index.ts')).not.toContain('msw')
  })
})

describe('files', () => {
  test('are at most 300 lines long', () => {
    expect(longFiles(sources)).toEqual([])
  })

  test('of less than 25 lines have more than one importer', () => {
    expect(smallFiles(sources, graph)).toEqual([])
  })

  test('are named in kebab-case, by a noun of the field', () => {
    expect(vagueNames(sources)).toEqual([])
  })

  test('take time and chance from a clock', () => {
    expect(clocksOfTheirOwn(sources)).toEqual([])
  })
})

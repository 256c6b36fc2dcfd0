import { describe, expect, test } from '@jest/globals'
import { circles, importGraph, packagesLoadedWith } from './import-graph.js'

const graphOf = (sources: Record<string, string>) => importGraph(new Map(Object.entries(sources)))

describe('importGraph', () => {
  test('tells files from packages, and when each is loaded', () => {
    const graph = graphOf({
      'http/bearer.ts': `
        import { inspect } from 'node:util'
        import { Agent } from 'undici/agent'
        import type { Dispatcher } from 'undici'
        import { type Token } from '../token/access-token.js'
        import '@scope/effects/now'
        export * from './tee.js'
        export type { Tee } from './tee.js'
        type Later = import('zod').ZodType
        const later = () => import('msw')
        // import 'p-queue'
        const text = "import 'p-retry'"
      `,
    })
    expect(graph.get('http/bearer.ts')).toEqual([
      { kind: 'package', target: 'undici', loads: 'at once' },
      { kind: 'package', target: 'undici', loads: 'never' },
      { kind: 'file', target: 'token/access-token.ts', loads: 'at once' },
      { kind: 'package', target: '@scope/effects', loads: 'at once' },
      { kind: 'file', target: 'http/tee.ts', loads: 'at once' },
      { kind: 'file', target: 'http/tee.ts', loads: 'never' },
      { kind: 'package', target: 'zod', loads: 'never' },
      { kind: 'package', target: 'msw', loads: 'on demand' },
    ])
  })
})

describe('circles', () => {
  test('are found across files, and made of types too', () => {
    const graph = graphOf({
      'a.ts': `import './b.js'`,
      'b.ts': `export type { C } from './c.js'`,
      'c.ts': `import { b } from './b.js'`,
    })
    expect(circles(graph)).toEqual([['b.ts', 'c.ts', 'b.ts']])
  })

  test('are not two ways to the same file', () => {
    const graph = graphOf({ 'a.ts': `import './b.js'; import './c.js'`, 'b.ts': `import './c.js'`, 'c.ts': '' })
    expect(circles(graph)).toEqual([])
  })
})

describe('packagesLoadedWith', () => {
  test('follows what runs, and neither types nor import()', () => {
    const graph = graphOf({
      'index.ts': `export { a } from './a.js'; import type { P } from './p.js'; const lazy = () => import('./lazy.js')`,
      'a.ts': `import 'undici'; import './index.js'`,
      'p.ts': `import 'p-queue'`,
      'lazy.ts': `import 'msw'`,
    })
    expect([...packagesLoadedWith(graph, 'index.ts')]).toEqual(['undici'])
  })

  test('refuses an entry that does not exist', () => {
    expect(() => packagesLoadedWith(graphOf({}), 'index.ts')).toThrow('No such source file: index.ts')
  })
})

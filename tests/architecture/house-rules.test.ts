import { describe, expect, test } from '@jest/globals'
import { clocksOfTheirOwn, longFiles, strayImports, vagueNames } from './house-rules.js'
import { importGraph } from './import-graph.js'

const file = (path: string, text: string) => new Map([[path, text]])
const strays = (path: string, text: string) => strayImports(importGraph(file(path, text)))

describe('strayImports', () => {
  test.each([
    ['base/clock.ts', '../protocol/challenge.js'],
    ['protocol/challenge.ts', '../token/access-token.js'],
    ['token/flight.ts', '../grants/client-credentials.js'],
    ['token/flight.ts', 'undici'],
    ['grants/client-credentials.ts', '../http/tee.js'],
    ['http/bearer.ts', '../grants/client-credentials.js'],
    ['http/bearer.ts', '../token/token-manager.js'],
    ['client/json-client.ts', 'zod'],
    ['client/json-client.ts', 'p-queue'],
    ['genesys/users.ts', '../cli/main.js'],
    ['genesys/users.ts', '../index.js'],
    ['testing/simulator.ts', '../genesys/users.js'],
    ['index.ts', './genesys/index.js'],
    ['cli/main.ts', 'left-pad'],
    ['elsewhere/main.ts', '../base/clock.js'],
  ])('%s may not import %s', (path, specifier) => {
    expect(strays(path, `import type { X } from '${specifier}'`)).toHaveLength(1)
  })

  test.each([
    ['token/flight.ts', '../base/clock.js'],
    ['token/flight.ts', './token-manager.js'],
    ['http/bearer.ts', '../token/token-source.js'],
    ['client/rate-limiter.ts', 'p-queue'],
    ['genesys/users.ts', 'zod'],
    ['cli/main.ts', '../index.js'],
    ['index.ts', './http/bearer.js'],
  ])('%s may import %s', (path, specifier) => {
    expect(strays(path, `import { x } from '${specifier}'`)).toEqual([])
  })
})

describe('longFiles', () => {
  const lines = (count: number) => 'const x = 1\n'.repeat(count)

  test('are those past 300 lines', () => {
    expect(longFiles(file('http/bearer.ts', lines(301)))).toEqual(['http/bearer.ts has 301 lines'])
    expect(longFiles(file('http/bearer.ts', lines(300)))).toEqual([])
  })

  test('may be generated schemas', () => {
    expect(longFiles(file('genesys/models/conversation.ts', lines(999)))).toEqual([])
  })
})

describe('vagueNames', () => {
  test.each(['base/utils.ts', 'common/clock.ts', 'base/SystemClock.ts', 'base/system_clock.ts'])(
    '%s is one',
    (path) => {
      expect(vagueNames(file(path, ''))).toEqual([path])
    },
  )

  test.each(['index.ts', 'token/token-manager.ts', 'http/oauth2.ts'])('%s is none', (path) => {
    expect(vagueNames(file(path, ''))).toEqual([])
  })
})

describe('clocksOfTheirOwn', () => {
  test.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date'],
    ['globalThis.setTimeout(f, 1)', 'setTimeout'],
    ['performance.now()', 'performance.now'],
    ['Math.random()', 'Math.random'],
  ])('are made by %s', (use, name) => {
    expect(clocksOfTheirOwn(file('token/flight.ts', `const x = ${use}`))).toEqual([`token/flight.ts uses ${name}`])
  })

  test.each([
    ['token/flight.ts', 'clock.setTimeout(f, 1) // Date.now()'],
    ['protocol/retry-after.ts', 'new Date(text)'],
    ['base/clock.ts', 'Date.now()'],
    ['cli/progress.ts', 'setInterval(f, 100)'],
  ])('are not in %s: %s', (path, text) => {
    expect(clocksOfTheirOwn(file(path, text))).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSimulator } from '../../src/testing/start-simulator.js'
import type { RunningSimulator } from '../../src/testing/start-simulator.js'
import { codeBlocks } from './code-blocks.js'
import { startExampleHosts } from './example-hosts.js'
import type { ExampleHosts } from './example-hosts.js'
import { runModule } from './run-module.js'

// runModule has a limit of its own.
jest.setTimeout(30_000)

const root = join(import.meta.dirname, '../..')
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
const pages = ['README.md', ...docs.filter((path) => path.endsWith('.md')).map((path) => join('docs', path))]
const examples = pages.flatMap((page) =>
  codeBlocks(readFileSync(join(root, page), 'utf8'), 'js').map(({ line, code }) => ({ page, line, code })),
)

describe('examples run in plain Node as they stand', () => {
  let hosts: ExampleHosts
  let simulator: RunningSimulator
  beforeAll(async () => {
    hosts = await startExampleHosts()
    simulator = await startSimulator()
  })
  afterAll(async () => {
    hosts.close()
    await simulator.close()
  })

  test('README.md has some', () => {
    expect(examples.map(({ page }) => page)).toContain('README.md')
  })

  test.each(examples)('$page, line $line', async ({ code }) => {
    await runModule(code, { ...hosts, env: { ...hosts.env, ...simulator.env } })
  })
})

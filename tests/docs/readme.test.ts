import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import PQueue from 'p-queue'
import { startCxoneSimulator } from '../../src/testing/start-cxone-simulator.js'
import type { RunningCxoneSimulator } from '../../src/testing/start-cxone-simulator.js'
import { startGenesysSimulator } from '../../src/testing/start-genesys-simulator.js'
import type { RunningGenesysSimulator } from '../../src/testing/start-genesys-simulator.js'
import { codeBlocks } from './code-blocks.js'
import { startExampleHosts } from './example-hosts.js'
import type { ExampleHosts } from './example-hosts.js'
import { runsHere, startExampleRedis, testOf } from './example-redis.js'
import { runModule } from './run-module.js'

// runModule has a limit of its own.
jest.setTimeout(30_000)

const root = join(import.meta.dirname, '../..')
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
/** Run by tests of their own, against servers that say more than these hosts. */
const RUN_ELSEWHERE = ['clients', 'recipes', 'network.md']
const pages = ['README.md', ...docs.filter(isPage).map((path) => join('docs', path))]
const examples = pages.flatMap((page) =>
  codeBlocks(readFileSync(join(root, page), 'utf8'), 'js').map(({ line, code }) => ({ page, line, code })),
)

function isPage(path: string): boolean {
  return path.endsWith('.md') && !RUN_ELSEWHERE.some((place) => [path, dirname(path)].includes(place))
}

describe('examples run in plain Node as they stand', () => {
  let hosts: ExampleHosts
  let simulators: readonly (RunningGenesysSimulator | RunningCxoneSimulator)[]
  let redis: Awaited<ReturnType<typeof startExampleRedis>>
  let runs: Promise<string>[]
  // An example mostly waits: for its turn, for a job.
  const queue = new PQueue({ concurrency: 4 })
  beforeAll(async () => {
    hosts = await startExampleHosts()
    const genesys = await startGenesysSimulator({ users: 120, conversationsPerDay: 120, jobDuration: 500 })
    const cxone = await startCxoneSimulator({ agents: 120, contactsPerDay: 20, jobDuration: 500 })
    simulators = [genesys, cxone]
    redis = await startExampleRedis()
    const env = { ...hosts.env, ...genesys.env, ...cxone.env, ...redis.env }
    runs = examples.map(({ code }) => queue.add(async () => (runsHere(code) ? runModule(code, { ...hosts, env }) : '')))
    for (const run of runs) run.catch(() => undefined)
  })
  afterAll(async () => {
    await queue.onIdle()
    hosts.close()
    for (const simulator of simulators) await simulator.close()
    await redis.remove()
  })

  test('README.md has some', () => {
    expect(examples.map(({ page }) => page)).toContain('README.md')
  })

  for (const [index, { page, line, code }] of examples.entries()) {
    testOf(code)(`${page}, line ${line}`, async () => {
      await runs[index]
    })
  }
})

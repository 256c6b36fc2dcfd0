import { afterAll, beforeAll, expect, jest } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startCxoneSimulator } from '../../src/testing/start-cxone-simulator.js'
import { startGenesysSimulator } from '../../src/testing/start-genesys-simulator.js'
import { codeBlocks } from './code-blocks.js'
import { startExampleHosts } from './example-hosts.js'
import { runsHere, startExampleRedis, testOf } from './example-redis.js'
import { runModule } from './run-module.js'

// runModule has a limit of its own.
jest.setTimeout(90_000)

const root = join(import.meta.dirname, '../..')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
)
const examples = sources.flatMap((path) => {
  const unstarred = readFileSync(join(root, 'src', path), 'utf8').replaceAll(/^ *\* ?/gm, '')
  return codeBlocks(unstarred, 'js').map(({ line, code }) => ({ where: `src/${path}, line ${line}`, code }))
})

/** A project that has everbearer installed, where each example is a module. */
let project: string
/** What ended an example, by its number. */
let failures: Readonly<Record<number, string>>

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'everbearer-'))
  await mkdir(join(project, 'node_modules'))
  await symlink(root, join(project, 'node_modules/everbearer'))
  for (const name of ['ioredis', 'msw', 'redis', 'undici', 'zod'])
    await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name))
  for (const [number, { code }] of examples.entries()) {
    await writeFile(join(project, `${number}.mjs`), runsHere(code) ? code : '')
  }

  const hosts = await startExampleHosts()
  const simulator = await startGenesysSimulator({ users: 120, conversationsPerDay: 20, jobDuration: 500 })
  const cxone = await startCxoneSimulator({ agents: 120, contactsPerDay: 20 })
  const redis = await startExampleRedis()
  // All in one process, one after the other: a process each would take longer than they do.
  const everything = `
    import { writeFileSync } from 'node:fs'
    const project = ${JSON.stringify(pathToFileURL(join(project, '/')).href)}
    const failures = {}
    for (let number = 0; number < ${examples.length}; number++) {
      await import(project + number + '.mjs').catch((error) => (failures[number] = String(error?.stack ?? error)))
    }
    writeFileSync(new URL('failures.json', project), JSON.stringify(failures))
    process.exit()`
  try {
    const env = { ...hosts.env, ...simulator.env, ...cxone.env, ...redis.env }
    await runModule(everything, { ...hosts, timeout: 60_000, env })
    failures = JSON.parse(await readFile(join(project, 'failures.json'), 'utf8')) as typeof failures
  } finally {
    hosts.close()
    await simulator.close()
    await cxone.close()
    await redis.remove()
  }
})
afterAll(() => rm(project, { recursive: true }))

for (const [number, { where, code }] of examples.entries()) {
  testOf(code)(`the example in ${where} runs`, () => {
    expect(failures[number]).toBeUndefined()
  })
}

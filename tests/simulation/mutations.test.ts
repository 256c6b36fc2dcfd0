import { afterAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { bundleSimulation } from './bundle.js'
import type { Exploration } from './explore.js'
import { MUTATIONS } from './mutations.js'
import type { Mutation } from './mutations.js'

// Inside node_modules, so that the bundles find the packages.
const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.everbearer-'))
afterAll(() => rmSync(folder, { recursive: true }))

let bundles = 0

async function bundle(mutation?: Mutation): Promise<string> {
  const outfile = join(folder, `simulation-${++bundles}.mjs`)
  await bundleSimulation(outfile, mutation)
  return outfile
}

/** Looks for a history that breaks a promise, in a thread of its own, for a broken subject may never come back. */
async function explored(program: string, runs: number): Promise<Exploration> {
  const worker = new Worker(program)
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', ({ exploration }: { exploration: Exploration }) => resolve(exploration))
      worker.on('error', reject)
      worker.postMessage({ index: 0, runs, seed: 1, shrinks: false })
    })
  } finally {
    await worker.terminate()
  }
}

describe('the simulation finds', () => {
  it.concurrent.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    async (_, mutation) => {
      const { broken } = await explored(await bundle(mutation), 20_000)
      const promises = [mutation.breaks].flat()
      expect(promises.filter((promise) => broken?.violation.promise.startsWith(promise))).toHaveLength(1)
    },
    60_000,
  )

  it('nothing in the sources as they stand', async () => {
    expect(await explored(await bundle(), 500)).toEqual({ histories: 500 })
  }, 60_000)

  it('no text that a mutation wants to replace and that is not there, and says so', async () => {
    const stale = { ...MUTATIONS[0]!, text: 'no such text' }
    await expect(bundle(stale)).rejects.toThrow('“each caller has a flight of its own”: its text is found 0 times')
  })
})

describe('a violation', () => {
  it('is shown as a shrunk history, with the command that shows it again', async () => {
    const program = await bundle(MUTATIONS.find(({ name }) => name === 'no cool-down'))
    const first = await ran(program, ['2000', '--seed=-7'])
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(/^ +time +who +what$/m)
    expect(first.stdout).toMatch(/^> +.*manager +token request \d+ \(flight \d+\)/m)
    expect(first.stdout).toMatch(/^Broken promise: A server that failed is left alone/m)
    expect(first.stdout).toMatch(/^histories: \d+, violations: 1, seed: -7\n$/m)
    const command = /^Again: npm run histories -- (.*)$/m.exec(first.stdout)![1]!
    const again = await ran(program, command.split(' '))
    expect([again.code, tableOf(again.stdout)]).toEqual([1, tableOf(first.stdout)])
  }, 60_000)
})

function tableOf(stdout: string): string {
  return stdout.slice(0, stdout.indexOf('Again: '))
}

async function ran(program: string, parameters: string[]): Promise<{ code: number; stdout: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...parameters])
    return { code: 0, stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, stdout }
  }
}

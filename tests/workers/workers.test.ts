import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describeRedis } from '../redis/describe-redis.js'
import type { Finding } from './mixture.js'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '../..')

async function mixed(store: string): Promise<Finding> {
  const { stdout } = await run(process.execPath, ['tools/run.mjs', 'tests/workers/main.ts', store, '3'], { cwd })
  return JSON.parse(stdout) as Finding
}

const right = { callers: 8, requestsInALifetime: 1, sessionLost: false, failures: [] }

describe('four threads, two child processes and two workers of a cluster [R42]', () => {
  it('go on with one session through a FileTokenStore, by one token request in a lifetime', async () => {
    const found = await mixed('file')
    expect(found).toMatchObject(right)
    expect(found.tokens).toBeGreaterThan(1)
  }, 60_000)
})

describeRedis('four threads, two child processes and two workers of a cluster [R42]', () => {
  it('go on with one session through a Redis, by one token request in a lifetime', async () => {
    const found = await mixed('redis')
    expect(found).toMatchObject(right)
    expect(found.tokens).toBeGreaterThan(1)
  }, 60_000)
})

import { beforeAll, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describeRedis } from '../redis/describe-redis.js'
import type { Finding } from './finding.js'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '../..')
const program = (...args: string[]) => run(process.execPath, ['tools/run.mjs', 'tests/fleet/main.ts', ...args], { cwd })

describeRedis('a fleet that shares a token through a Redis', () => {
  let found: Finding
  beforeAll(async () => {
    // A busy machine may let a lease of 200 ms go; whether it does is measured by the long run.
    const { stdout } = await program('--processes', '4', '--seconds', '12', '--json').catch(
      (error: unknown) => error as { stdout: string },
    )
    found = JSON.parse(stdout) as Finding
  }, 90_000)

  it('surfaces no 401 and no failure, whatever is killed, stopped, revoked and restarted [R31]', () => {
    expect(found.calls).toBeGreaterThan(100)
    expect([found.surfaced401s, found.failures]).toEqual([0, []])
  })

  it('asks for each revocation, once at the most [R31]', () => {
    expect(found.revocations).toBeGreaterThanOrEqual(2)
    expect(found.requestsForRevocations).toBeGreaterThanOrEqual(1)
    // One that comes while another token is on its way, or while somebody goes alone, costs none of its own.
    expect(found.requestsForRevocations).toBeLessThanOrEqual(found.revocations)
  })

  it('has fences that only grow, though Redis has lost everything twice [R31]', () => {
    expect(found.fences).toBeGreaterThan(4)
    expect(found.fencesInOrder).toBe(true)
  })

  it('asks alone while Redis is away [R33]', () => {
    expect(found.aloneRequests).toBeGreaterThan(0)
  })
})

it.each([
  ['seconds', 'many'],
  ['processes', '1000000000'],
  ['client', 'toString'],
  ['client', '.'],
])('a wrong argument of the fleet is one line: --%s %s', async (option, value) => {
  const line = new RegExp(`^--${option} takes .*\\n$`)
  await expect(program(`--${option}`, value)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(line) })
})

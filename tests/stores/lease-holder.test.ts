import { afterEach, describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileTokenStore } from '../../src/stores/file-token-store.js'
import { runSource } from '../base/run-source.js'
import { removeDirectories, temporaryDirectory } from './directories.js'
import { until } from '../waiting.js'

afterEach(removeDirectories)

/** A process that holds the lease of a key, and then does something else. */
function holder(directory: string, ttl: number, then: string): Promise<string> {
  return runSource(`
    import { writeFileSync } from 'node:fs'
    import { FileTokenStore } from './src/stores/file-token-store.ts'
    const store = new FileTokenStore('${directory}')
    const lease = await store.lease('key', ${ttl})
    writeFileSync('${directory}/pid', String(process.pid))
    ${then}
  `)
}

async function pidIn(directory: string): Promise<number> {
  const file = join(directory, 'pid')
  const read = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0)
  await until(() => read() > 0)
  return read()
}

describe('a process that holds a lease [R12]', () => {
  it('and is killed holds it no more, whatever its ttl', async () => {
    const directory = temporaryDirectory()
    const store = new FileTokenStore(directory)
    const ended = holder(directory, 600_000, `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)`).catch(
      () => 'killed',
    )
    await pidIn(directory)
    expect(await store.lease('key', 600_000)).toBeUndefined()
    expect((await store.lease('key', 600_000))!.fence).toBe(2)
    expect(await ended).toBe('killed')
  })

  it('and is stopped loses it after its ttl, is told so when it goes on, and writes nothing', async () => {
    const directory = temporaryDirectory()
    const store = new FileTokenStore(directory)
    const ended = holder(
      directory,
      300,
      `const { signal } = lease
       setInterval(() => undefined, 1_000) // a lease keeps no process alive
       if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
       const isWritten = await store.compareAndSet('key', 'late', { expectedVersion: undefined, fence: lease.fence, ttl: 1_000 })
       console.log(lease.signal.reason.code, isWritten)
       process.exit()`,
    )
    const pid = await pidIn(directory)
    // The test stops it: on a busy machine, a process that stops itself may do so after it was woken.
    process.kill(pid, 'SIGSTOP')
    expect(await store.lease('key', 10_000)).toBeUndefined()
    const next = (await store.lease('key', 10_000))!
    process.kill(pid, 'SIGCONT')
    expect(await ended).toBe('token_store_failed false\n')
    expect(next.signal.aborted).toBe(false)
    await next.release()
  })

  it('or waits for one is not kept alive by it', async () => {
    const directory = temporaryDirectory()
    const output = await holder(directory, 600_000, `void store.lease('key', 600_000); console.log(lease.fence)`)
    expect(output).toBe('1\n')
    expect(readdirSync(directory)).toHaveLength(2)
  })
})

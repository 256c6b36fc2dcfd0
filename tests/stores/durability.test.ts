import { afterAll, expect, it, jest } from '@jest/globals'
import type * as FileSystem from 'node:fs/promises'
import { basename } from 'node:path'

import { removeDirectories, temporaryDirectory } from './directories.js'

afterAll(removeDirectories)

it('a value is on the disk, and then its new name, before a write resolves', async () => {
  const synced: string[] = []
  const real = process.getBuiltinModule('node:fs/promises')
  jest.unstable_mockModule('node:fs/promises', () => ({
    ...real,
    open: async (...args: Parameters<typeof FileSystem.open>) => {
      const handle = await real.open(...args)
      const sync = handle.sync.bind(handle)
      handle.sync = () => (synced.push(basename(String(args[0]))), sync())
      return handle
    },
  }))
  const { FileTokenStore } = await import('../../src/stores/file-token-store.js')
  const store = new FileTokenStore(temporaryDirectory())
  const lease = (await store.lease('key', 1_000))!
  synced.splice(0)
  await store.compareAndSet('key', 'value', { expectedVersion: undefined, fence: lease.fence, ttl: 60_000 })
  expect(synced).toEqual([expect.stringMatching(/^value\.\d/), expect.stringMatching(/^[0-9a-f]{64}$/)])
  synced.splice(0)
  const { version } = (await store.get('key'))!
  await store.compareAndSet('key', undefined, { expectedVersion: version, fence: lease.fence, ttl: 60_000 })
  expect(synced).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  await lease.release()
})

import { afterAll, afterEach, expect, it, jest } from '@jest/globals'
import type * as FileSystem from 'node:fs/promises'
import { basename, join } from 'node:path'

import { removeDirectories, temporaryDirectory } from './directories.js'

afterEach(() => void jest.resetModules())
afterAll(removeDirectories)

const KEY_DIRECTORY: unknown = expect.stringMatching(/^[0-9a-f]{64}$/)

/** A store, and what it brings to the disk: the names of what is synced, and those of what is renamed or removed. */
async function watchedStore(directory: string) {
  const synced: string[] = []
  const steps: unknown[][] = []
  const note = (step: string, path: unknown) => void steps.push([step, basename(String(path))])
  const files = process.getBuiltinModule('node:fs')
  jest.unstable_mockModule('node:fs', () => ({
    ...files,
    renameSync: (from: string, to: string) => (note('rename', to), files.renameSync(from, to)),
    rmSync: (...args: Parameters<typeof files.rmSync>) => (note('remove', args[0]), files.rmSync(...args)),
  }))
  const real = process.getBuiltinModule('node:fs/promises')
  jest.unstable_mockModule('node:fs/promises', () => ({
    ...real,
    open: async (...args: Parameters<typeof FileSystem.open>) => {
      const handle = await real.open(...args)
      const sync = handle.sync.bind(handle)
      handle.sync = async () => {
        await sync()
        synced.push(basename(String(args[0])))
        note('sync', args[0])
      }
      return handle
    },
  }))
  const { FileTokenStore } = await import('../../src/stores/file-token-store.js')
  const forget = () => {
    synced.splice(0)
    steps.splice(0)
  }
  return { store: new FileTokenStore(directory), synced, steps, forget }
}

it('a value is on the disk, and then its new name, before a write resolves [R12]', async () => {
  const { store, synced, forget } = await watchedStore(temporaryDirectory())
  const lease = (await store.lease('key', 1_000))!
  forget()
  await store.compareAndSet('key', 'value', { expectedVersion: undefined, fence: lease.fence, ttl: 60_000 })
  expect(synced).toEqual([expect.stringMatching(/^value\.\d/), KEY_DIRECTORY])
  synced.splice(0)
  const { version } = (await store.get('key'))!
  await store.compareAndSet('key', undefined, { expectedVersion: version, fence: lease.fence, ttl: 60_000 })
  expect(synced).toEqual([KEY_DIRECTORY])
  await lease.release()
})

it('a new value is fsynced before it is renamed over the old one, and the directory after that [R12]', async () => {
  const { store, steps, forget } = await watchedStore(temporaryDirectory())
  const { fence } = (await store.lease('key', 1_000))!
  const options = { expectedVersion: undefined, fence, ttl: 60_000 }
  forget()
  await store.compareAndSet('key', 'value', options)
  const sync = ['sync', expect.stringMatching(/^value\.\d/)]
  // The temporary file is discarded at the end, when there is none any more.
  expect(steps.slice(0, 3)).toEqual([sync, ['rename', 'value'], ['sync', KEY_DIRECTORY]])

  const { version } = (await store.get('key'))!
  forget()
  await store.compareAndSet('key', undefined, { ...options, expectedVersion: version })
  expect(steps).toEqual([
    ['remove', 'value'],
    ['sync', KEY_DIRECTORY],
  ])
})

it('each directory that the store makes is fsynced in its parent before a lease is granted [R12]', async () => {
  const outer = temporaryDirectory()
  const { store, synced, forget } = await watchedStore(join(outer, 'a', 'b'))
  await (await store.lease('key', 1_000))!.release()
  expect(synced).toEqual(['b', 'a', basename(outer)])
  forget()
  await (await store.lease('another key', 1_000))!.release()
  expect(synced).toEqual(['b'])
  forget()
  await (await store.lease('key', 1_000))!.release()
  expect(synced).toEqual([])
})

import { execFileSync } from 'node:child_process'
import { afterEach, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  openSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tryLock } from 'fs-native-extensions'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FileTokenStore } from '../../src/stores/file-token-store.js'
import type { FileTokenStoreOptions } from '../../src/stores/file-token-store.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { removeDirectories, temporaryDirectory } from './directories.js'
import { until } from '../waiting.js'

afterEach(removeDirectories)

const SECRET = 'refresh-token'

async function write(store: TokenStore, value: string, key = 'key'): Promise<boolean> {
  const lease = (await store.lease(key, 1_000))!
  try {
    const expectedVersion = (await store.get(key))?.version
    return await store.compareAndSet(key, value, { expectedVersion, fence: lease.fence, ttl: 60_000 })
  } finally {
    await lease.release()
  }
}

/** A store with one value in it, and the value's file. */
async function written(options: FileTokenStoreOptions = {}) {
  const directory = join(temporaryDirectory(), 'tokens')
  const store = new FileTokenStore(directory, options)
  await write(store, SECRET)
  const [name = ''] = readdirSync(directory)
  const folder = join(directory, name)
  return { directory, store, folder, file: join(folder, 'value') }
}

describe('the files', () => {
  it('are for their owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const { directory, folder } = await written()
      for (const path of [directory, folder]) expect(statSync(path).mode & 0o777).toBe(0o700)
      const names = readdirSync(folder)
      expect(names.sort()).toEqual(['lease.1', 'lock', 'value'])
      for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    } finally {
      process.umask(before)
    }
  })

  it('tell nothing of the key, and nothing of the value when there is an encryption key', async () => {
    const { directory, folder } = await written({ encryptionKey: randomBytes(32) })
    const all = readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name), 'latin1')}`)
    for (const text of [readdirSync(directory).join(), ...all]) {
      expect(text).not.toContain(SECRET)
      expect(text).not.toMatch(/\bkey\b/)
    }
  })

  it('stay few, and what a killed process left behind goes with the leases after it', async () => {
    const { store, folder } = await written()
    for (const name of ['lease.0', 'value.1.left.tmp']) writeFileSync(join(folder, name), 'x', { mode: 0o600 })
    for (let times = 0; times < 5; times++) expect(await write(store, `value ${times}`)).toBe(true)
    const names = readdirSync(folder)
    expect(names.filter((name) => name.startsWith('value'))).toEqual(['value'])
    expect(names.length).toBeLessThanOrEqual(4)
  })

  it('may lie in a directory that is given as a URL', async () => {
    const { directory } = await written()
    expect(await new FileTokenStore(pathToFileURL(directory)).get('key')).toMatchObject({ value: SECRET })
  })
})

describe('a file that is not what the store wrote is an error, and is left as it is:', () => {
  const DAMAGES: [string, (file: string, folder: string) => void][] = [
    ['cut short', (file) => truncateSync(file, 100)],
    ['empty', (file) => truncateSync(file, 0)],
    ['foreign', (file) => writeFileSync(file, '{"token":"mine"}')],
    ['changed', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(SECRET, 'other-refresh'))],
    ['readable by a group', (file) => chmodSync(file, 0o640)],
    ['writable by others', (file) => chmodSync(file, 0o602)],
  ]

  it.each(DAMAGES)('%s', async (_how, damage) => {
    const { store, file, folder } = await written()
    damage(file, folder)
    const before = readFileSync(file)
    await expect(store.get('key')).rejects.toMatchObject({
      code: 'token_store_corrupt',
      retryable: false,
      message: expect.stringContaining(file),
    })
    const lease = (await store.lease('key', 1_000))!
    for (const value of ['new', undefined]) {
      const write = store.compareAndSet('key', value, { expectedVersion: undefined, fence: lease.fence, ttl: 60_000 })
      await expect(write).rejects.toMatchObject({ code: 'token_store_corrupt' })
    }
    await lease.release()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])

    rmSync(file)
    expect(await write(store, 'after a new sign-in')).toBe(true)
  })

  it('a FIFO, which nobody waits for', async () => {
    const { store, file } = await written()
    rmSync(file)
    execFileSync('mkfifo', ['-m', '600', file])
    await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
  })

  it('of another key', async () => {
    const { directory, store, file } = await written()
    await write(store, 'other', 'other key')
    const other = readdirSync(directory).find((name) => !file.includes(name))!
    copyFileSync(join(directory, other, 'value'), file)
    await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
  })

  it('sealed with another key; a key that was replaced still opens', async () => {
    const [old, young] = [randomBytes(32), randomBytes(32)]
    const { directory, file } = await written({ encryptionKey: old })
    const before = readFileSync(file)
    const store = (encryptionKey: Buffer | Buffer[]) => new FileTokenStore(directory, { encryptionKey })
    await expect(store(young).get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(await write(store([young, old]), 'sealed anew')).toBe(true)
    expect(await store(young).get('key')).toMatchObject({ value: 'sealed anew' })
  })
})

describe('a write', () => {
  it('that waits for the lock keeps the process alive: what a server gave would end with it', async () => {
    const directory = temporaryDirectory()
    // Of its timers none fires but those that keep the process alive.
    const clock = new HurriedClock()
    const store = new FileTokenStore(directory, { clock })
    const write = (version?: string) =>
      store.compareAndSet('key', 'value', { expectedVersion: version, fence: 0, ttl: 1_000_000 })
    await write()
    const { version } = (await store.get('key'))!
    const lock = openSync(join(directory, readdirSync(directory)[0]!, 'lock'), 'a')
    expect(tryLock(lock)).toBe(true)
    const writing = write(version)
    await until(() => clock.waits.length > 0)
    closeSync(lock)
    expect(await writing).toBe(true)
  })
})

describe('a disk that fails', () => {
  it('is token_store_failed, which names the place and the system’s code', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    const store = new FileTokenStore(join(file, 'tokens'))
    const failure = {
      code: 'token_store_failed',
      retryable: true,
      message: expect.stringMatching(/file\/tokens.*ENOTDIR/),
    }
    await expect(store.get('key')).rejects.toMatchObject(failure)
    await expect(store.lease('key', 1_000)).rejects.toMatchObject(failure)
    const options = { expectedVersion: undefined, fence: 1, ttl: 1_000 }
    await expect(store.compareAndSet('key', 'a', options)).rejects.toMatchObject(failure)
  })

  it('leaves the old value where it was [R12]', async () => {
    const { store, folder } = await written()
    const lease = (await store.lease('key', 1_000))!
    const { version: expectedVersion } = (await store.get('key'))!
    // A directory in the way of the lock stands for all that can fail before the file is replaced.
    rmSync(join(folder, 'lock'))
    mkdirSync(join(folder, 'lock'))
    const written2 = store.compareAndSet('key', 'new', { expectedVersion, fence: lease.fence, ttl: 60_000 })
    await expect(written2).rejects.toMatchObject({ code: 'token_store_failed' })
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(await store.get('key')).toMatchObject({ value: SECRET })
    await lease.release()
  })

  it('that loses the files of a lease loses the lease', async () => {
    const clock = new FakeClock()
    const { store, directory } = await written({ clock })
    const lease = (await store.lease('key', 9_000))!
    rmSync(directory, { recursive: true })
    await clock.advance(3_000)
    expect(lease.signal.aborted).toBe(true)
    expect(clock.pendingTimers).toBe(0)
    const next = (await store.lease('key', 9_000))!
    await next.release()
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('the age of a value', () => {
  it('does not shrink when the wall clock is set back, nor in another process', async () => {
    const clock = new FakeClock()
    const { store, directory } = await written({ clock })
    clock.jump(-3_600_000)
    await clock.advance(5_000)
    expect((await store.get('key'))!.age).toBe(5_000)
    expect((await new FileTokenStore(directory, { clock }).get('key'))!.age).toBe(5_000)
  })

  it('counts on while the machine sleeps or is off', async () => {
    const clock = new FakeClock()
    const { store, directory } = await written({ clock })
    clock.sleep(20_000)
    expect((await store.get('key'))!.age).toBe(20_000)
    const afterBoot = new FakeClock({ now: clock.now() })
    expect((await new FileTokenStore(directory, { clock: afterBoot }).get('key'))!.age).toBe(20_000)
  })

  it('is never less than nothing', async () => {
    const clock = new FakeClock()
    const { directory } = await written({ clock })
    const behind = new FakeClock({ now: clock.now() - 1_000 })
    expect((await new FileTokenStore(directory, { clock: behind }).get('key'))!.age).toBe(0)
  })
})

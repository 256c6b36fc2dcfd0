import { afterEach, describe, expect, it } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileTokenStore } from '../../src/stores/file-token-store.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { TokenManager } from '../../src/token/token-manager.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { ScriptedGrant, tokens } from '../token/scripted-grant.js'
import { removeDirectories, temporaryDirectory } from './directories.js'

afterEach(removeDirectories)

const encryptionKey = randomBytes(32)

async function write(store: TokenStore, ...values: (string | undefined)[]): Promise<void> {
  const lease = (await store.lease('key', 1_000))!
  for (const value of values) {
    const expectedVersion = (await store.get('key'))?.version
    const options = { expectedVersion, fence: lease.fence, ttl: 60_000 }
    expect(await store.compareAndSet('key', value, options)).toBe(true)
  }
  await lease.release()
}

const read = async (store: TokenStore) => (await store.get('key'))?.value

/** A directory with one value in it, a copy of it all, and handles on the directory as of so many processes. */
async function backedUp() {
  const directory = join(temporaryDirectory(), 'tokens')
  const clock = new FakeClock()
  const open = () => new FileTokenStore(directory, { encryptionKey, clock })
  const store = open()
  await write(store, 'first')
  const folder = join(directory, readdirSync(directory)[0]!)
  const backup = join(directory, '..', 'backup')
  cpSync(folder, backup, { recursive: true })
  const restoreValue = () => copyFileSync(join(backup, 'value'), join(folder, 'value'))
  const restoreAll = () => {
    rmSync(folder, { recursive: true })
    cpSync(backup, folder, { recursive: true })
  }
  return { directory, clock, open, store, folder, restoreValue, restoreAll }
}

describe('an older value that was put back [R47]', () => {
  it.each(['restoreValue', 'restoreAll'] as const)(
    'counts for none in a process that has seen a newer one, and is overwritten (%s)',
    async (restore) => {
      const { open, store, ...place } = await backedUp()
      const reader = open()
      await write(store, 'second')
      expect(await read(reader)).toBe('second')
      place[restore]()
      expect(await read(store)).toBeUndefined()
      expect(await read(reader)).toBeUndefined()
      // A process that has just started cannot know.
      expect(await read(open())).toBe('first')
      await write(reader, 'third')
      for (const one of [store, reader, open()]) expect(await read(one)).toBe('third')
    },
  )

  it('of the same lease counts for none too', async () => {
    const { store, folder } = await backedUp()
    const lease = (await store.lease('key', 1_000))!
    const set = async (value: string) => {
      const expectedVersion = (await store.get('key'))?.version
      await store.compareAndSet('key', value, { expectedVersion, fence: lease.fence, ttl: 60_000 })
    }
    await set('second')
    copyFileSync(join(folder, 'value'), join(folder, 'value.old'))
    await set('third')
    renameSync(join(folder, 'value.old'), join(folder, 'value'))
    expect(await read(store)).toBeUndefined()
    await set('fourth')
    expect(await read(store)).toBe('fourth')
    await lease.release()
  })

  it('counts for none though the clock was set back in between', async () => {
    const { clock, open, store, restoreValue } = await backedUp()
    const reader = open()
    expect(await read(reader)).toBe('first')
    clock.jump(-3_600_000)
    await write(store, 'second')
    expect(await read(reader)).toBe('second')
    restoreValue()
    expect(await read(reader)).toBeUndefined()
  })

  it('counts for none in the process that has removed it', async () => {
    const { store, restoreValue } = await backedUp()
    await write(store, undefined)
    restoreValue()
    expect(await read(store)).toBeUndefined()
  })

  it('does not come back when the newer one has expired', async () => {
    const { clock, store, restoreValue } = await backedUp()
    const lease = (await store.lease('key', 1_000))!
    const { version: expectedVersion } = (await store.get('key'))!
    await store.compareAndSet('key', 'second', { expectedVersion, fence: lease.fence, ttl: 10 })
    await lease.release()
    await clock.advance(20)
    expect(await read(store)).toBeUndefined()
    restoreValue()
    expect(await read(store)).toBeUndefined()
  })

  it('cannot take a session back: its process goes on with the refresh token that it knows', async () => {
    const { store, folder, clock, directory } = await backedUp()
    const grant = new ScriptedGrant(({ number, previous }) => {
      expect(previous?.refreshToken?.reveal()).toBe(number === 1 ? undefined : `refresh-${number - 1}`)
      return tokens(`token-${number}`, { refreshToken: `refresh-${number}`, lifetime: 100_000 })
    }, false)
    await using manager = new TokenManager(grant, { store, clock, refresh: 'on-demand' })
    const next = async () => {
      const token = await manager.getToken()
      await clock.advance(110_000)
      return token.reveal()
    }
    expect(await next()).toBe('token-1')
    const session = readdirSync(directory).find((name) => !folder.startsWith(join(directory, name)))!
    const file = join(directory, session, 'value')
    const backup = readFileSync(file)
    expect(await next()).toBe('token-2')
    writeFileSync(file, backup)
    expect(await next()).toBe('token-3')
    writeFileSync(file, backup)
    expect(await next()).toBe('token-4')
  })
})

describe('a value that is newer', () => {
  it('is read by all, though the folder was removed and numbers its leases from 1 again', async () => {
    const { open, store, folder, clock } = await backedUp()
    for (const value of ['second', 'third']) await write(store, value)
    rmSync(folder, { recursive: true })
    await clock.advance(1_000)
    // A process that knows nothing of what was there.
    await write(open(), 'of a new sign-in')
    expect(readdirSync(folder)).toContain('lease.1')
    expect(await read(store)).toBe('of a new sign-in')
  })

  it('is not written by a process whose number for it is too low: it looks again first', async () => {
    const { open, store, clock } = await backedUp()
    const { version: expectedVersion } = (await store.get('key'))!
    clock.jump(-1_000)
    // It was told the version by somebody else.
    const other = open()
    const lease = (await other.lease('key', 1_000))!
    const options = { expectedVersion, fence: lease.fence, ttl: 60_000 }
    expect(await other.compareAndSet('key', 'second', options)).toBe(false)
    expect(await other.compareAndSet('key', 'second', options)).toBe(true)
    expect(await read(store)).toBe('second')
    await lease.release()
  })

  it('may take the place of one that has no number yet', async () => {
    const { directory } = await backedUp()
    const [name] = readdirSync(directory)
    const record = { value: 'without', version: 'v', writtenAt: { wall: Date.now(), monotonic: 0 }, ttl: 1e12 }
    const json = JSON.stringify(record)
    const checksum = createHash('sha256').update(`${name}\n${json}`).digest('hex')
    writeFileSync(join(directory, name!, 'value'), `everbearer token, version 1, plain\n${checksum} ${json}\n`)
    const store = new FileTokenStore(directory)
    expect(await read(store)).toBe('without')
    await write(store, 'with')
    expect(await read(store)).toBe('with')
  })
})

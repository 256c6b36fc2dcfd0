import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { TokenError } from '../../src/base/errors.js'
import { FileTokenStore } from '../../src/stores/file-token-store.js'
import type { TokenStore } from '../../src/token/token-store.js'
import { runSource } from '../base/run-source.js'
import { removeDirectories, temporaryDirectory } from './directories.js'

afterEach(() => {
  jest.restoreAllMocks()
  removeDirectories()
})

const user = process.geteuid!()
const isRoot = user === 0
/** What needs a second user. Where it is skipped, the end of the run says so. */
const itAsRoot = isRoot ? it : it.skip
const OTHER_USER = 65_534

/** Makes something another user's. Without root's rights this process takes itself for another user instead. */
function giveAway(path: string): void {
  if (isRoot) lchownSync(path, OTHER_USER, OTHER_USER)
  else jest.spyOn(process, 'geteuid').mockReturnValue(user + 1)
}

async function write(store: TokenStore, value: string): Promise<boolean> {
  const lease = (await store.lease('key', 1_000))!
  try {
    const expectedVersion = (await store.get('key'))?.version
    return await store.compareAndSet('key', value, { expectedVersion, fence: lease.fence, ttl: 60_000 })
  } finally {
    await lease.release()
  }
}

/** A store with one value in it. */
async function written(name = 'tokens') {
  const directory = join(temporaryDirectory(), name)
  const store = new FileTokenStore(directory)
  await write(store, 'value')
  return { directory, store, folder: join(directory, readdirSync(directory)[0]!) }
}

/** What the store says when it is used, which must be that it does not trust something. */
async function distrust(store: TokenStore): Promise<string> {
  const error: unknown = await write(store, 'another').catch((error: unknown) => error)
  expect(error).toBeInstanceOf(TokenError)
  expect(error).toMatchObject({ code: 'token_store_corrupt', retryable: false, requestSent: false })
  return (error as TokenError).message
}

/** Types the first command that a message names. */
function type(message: string): void {
  execFileSync('/bin/sh', ['-c', /`([^`]+)`/.exec(message)![1]!])
}

const FILES = ['value', 'lease.1', 'lock']

describe('another user’s', () => {
  it.each(FILES)('%s is not used, and is left as it is', async (name) => {
    const { store, folder } = await written()
    const file = join(folder, name)
    const before = readFileSync(file)
    giveAway(file)
    const message = await distrust(store)
    expect(message).toContain('belongs to uid')
    if (isRoot) expect(message).toContain(`If you made it, type \`chown 0 ${file}\`, otherwise \`rm -r ${file}\`.`)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('folder in the store is not used, though all in it is this user’s', async () => {
    const { store, folder } = await written()
    giveAway(folder)
    const message = await distrust(store)
    expect(message).toContain(folder)
    expect(message).toContain('belongs to uid')
    await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
  })

  it('directory is no place for a new folder', async () => {
    const directory = temporaryDirectory()
    giveAway(directory)
    expect(await distrust(new FileTokenStore(directory))).toContain('belongs to uid')
    expect(readdirSync(directory)).toEqual([])
  })

  it.each(['', 'tokens'])('symbolic link on the way to the store is not followed (%j after it)', async (rest) => {
    const [target, link] = [temporaryDirectory(), join(temporaryDirectory(), 'link')]
    symlinkSync(target, link)
    giveAway(link)
    const message = await distrust(new FileTokenStore(join(link, rest)))
    expect(message).toMatch(/belongs to uid \d+, .*`chown -h \d+ /)
    expect(readdirSync(target)).toEqual([])
  })

  itAsRoot('session is planted in vain: a process of another user makes the folder and all in it', async () => {
    const { directory, store, folder } = await written()
    const text = readFileSync(join(folder, 'value'), 'utf8')
    rmSync(folder, { recursive: true })
    chmodSync(join(directory, '..'), 0o755)
    chmodSync(directory, 0o777)
    const planting = `
      import { mkdirSync, writeFileSync } from 'node:fs'
      mkdirSync(${JSON.stringify(folder)}, { mode: 0o755 })
      writeFileSync(${JSON.stringify(join(folder, 'value'))}, ${JSON.stringify(text)}, { mode: 0o600 })`
    const user = { uid: OTHER_USER, gid: OTHER_USER, cwd: '/', input: planting }
    execFileSync(process.execPath, ['--input-type=module'], user)
    for (const reader of [store, new FileTokenStore(directory)]) {
      await expect(reader.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
      expect(await distrust(reader)).toContain(`belongs to uid ${OTHER_USER}, and this process is uid 0`)
    }
  })

  itAsRoot('process uses its own files, and is told what it may not use', async () => {
    const [own, roots] = [temporaryDirectory(), temporaryDirectory()]
    await write(new FileTokenStore(join(roots, 'tokens')), 'of root')
    lchownSync(own, OTHER_USER, OTHER_USER)
    chmodSync(roots, 0o755)
    chmodSync(join(roots, 'tokens'), 0o755)
    // Loaded first: the sources may be where that user may not read.
    const output = await runSource(`
      import { FileTokenStore } from './src/stores/file-token-store.ts'
      const using = async (directory) => {
        const store = new FileTokenStore(directory)
        const { fence } = await store.lease('key', 1_000)
        await store.compareAndSet('key', 'value', { expectedVersion: undefined, fence, ttl: 60_000 })
        return (await store.get('key')).value
      }
      await new FileTokenStore('${join(roots, 'tokens')}').lease('key', 1_000).then((lease) => lease?.release())
      process.setgroups([])
      process.setgid(${OTHER_USER})
      process.setuid(${OTHER_USER})
      console.log(await using('${own}/tokens'))
      console.log(await using('${roots}/tokens').catch(({ code, message }) => code + ': ' + message))
    `)
    expect(output).toMatch(/^value\ntoken_store_failed: .* \(EACCES\): uid 65534 has no permission\. Make that user/)
    expect(statSync(join(own, 'tokens')).uid).toBe(OTHER_USER)
  })
})

describe('what other users may write to [R47]', () => {
  it.each(['0777', '0770', '1777', '2775', '0702'])('is no store for a new session (mode %s)', async (mode) => {
    const directory = temporaryDirectory()
    chmodSync(directory, parseInt(mode, 8))
    const store = new FileTokenStore(directory)
    const message = await distrust(store)
    expect(message).toContain(`its mode ${mode} lets other users write to it`)
    expect(message).toContain(`, or give the store a directory inside it, such as ${join(directory, 'tokens')}.`)
    expect(readdirSync(directory)).toEqual([])
    expect(await store.get('key')).toBeUndefined()

    // Either of what it names helps.
    expect(await write(new FileTokenStore(join(directory, 'tokens')), 'value')).toBe(true)
    expect(statSync(join(directory, 'tokens')).mode & 0o777).toBe(0o700)
    type(message)
    expect(await write(store, 'value')).toBe(true)
  })

  it('ends no session that is there when somebody opens the store’s directory', async () => {
    const { directory, store } = await written()
    chmodSync(directory, 0o777)
    expect(await write(store, 'newer')).toBe(true)
    expect(await new FileTokenStore(directory).get('key')).toMatchObject({ value: 'newer' })
  })

  it.each(['0720', '0702', '0777'])(
    'is no folder of a session (mode %s), and what the error says to type helps',
    async (mode) => {
      const { store, folder } = await written('it’s a "$store"')
      chmodSync(folder, parseInt(mode, 8))
      await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
      const message = await distrust(store)
      expect(message).toContain(`: its mode ${mode} lets other users write to it. Type \`chmod 700 '`)
      type(message)
      expect(await write(store, 'newer')).toBe(true)
    },
  )

  it.each(FILES)('or read is no %s, and what the error says to type helps', async (name) => {
    const { store, folder } = await written()
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(join(folder, name), mode)
      const message = await distrust(store)
      expect(message).toContain(`its mode 0${mode.toString(8)} lets other users use it. Find out who opened it`)
      type(message)
      await store.get('key')
    }
    expect(await write(store, 'newer')).toBe(true)
  })
})

describe('a symbolic link [R47]', () => {
  it.each(['lock', 'lease.1', 'lease.2', 'value'])(
    'in the place of %s creates and changes nothing elsewhere',
    async (name) => {
      const { store, folder } = await written()
      const elsewhere = temporaryDirectory()
      const [precious, missing] = [join(elsewhere, 'precious'), join(elsewhere, 'missing')]
      writeFileSync(precious, 'precious', { mode: 0o600 })
      for (const target of [precious, missing]) {
        rmSync(join(folder, name), { force: true })
        symlinkSync(target, join(folder, name))
        const message = await distrust(store)
        expect(message).toContain(`does not trust ${join(folder, name)}: it is a symbolic link. Type \`rm `)
        expect(readFileSync(precious, 'utf8')).toBe('precious')
        expect(existsSync(missing)).toBe(false)
      }
      type(await distrust(store))
      expect(await write(store, 'newer')).toBe(true)
    },
  )

  it('of any other name is not touched', async () => {
    const { store, folder } = await written()
    const precious = join(temporaryDirectory(), 'precious')
    writeFileSync(precious, 'precious')
    for (const name of ['lease.tmp', 'value.tmp', 'lock.tmp', 'lease.02']) symlinkSync(precious, join(folder, name))
    expect(await write(store, 'newer')).toBe(true)
    expect(readFileSync(precious, 'utf8')).toBe('precious')
  })

  it('in the place of a folder leads nowhere, whatever it leads to', async () => {
    const { store, folder } = await written()
    const elsewhere = join(temporaryDirectory(), 'elsewhere')
    renameSync(folder, elsewhere)
    for (const target of [elsewhere, `${elsewhere} that is missing`]) {
      symlinkSync(target, folder)
      await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
      const message = await distrust(store)
      expect(message).toContain('it is a symbolic link')
      expect(existsSync(`${elsewhere} that is missing`)).toBe(false)
      type(message)
    }
    expect(await store.get('key')).toBeUndefined()
  })

  it('that this user made may lead to the store, also where the store is yet to be made', async () => {
    const place = temporaryDirectory()
    mkdirSync(join(place, 'disk'))
    symlinkSync('disk', join(place, 'link'))
    symlinkSync(join(place, 'link', 'tokens'), join(place, 'store'))
    expect(await write(new FileTokenStore(join(place, 'store')), 'value')).toBe(true)
    expect(await new FileTokenStore(join(place, 'disk', 'tokens')).get('key')).toMatchObject({ value: 'value' })
  })

  it('that leads in a circle is an error', async () => {
    const place = temporaryDirectory()
    symlinkSync('b', join(place, 'a'))
    symlinkSync('a', join(place, 'b'))
    expect(await distrust(new FileTokenStore(join(place, 'a')))).toContain('leads through too many symbolic links')
  })
})

describe('what is no file', () => {
  it.each(FILES)('is no %s: nobody waits for a FIFO', async (name) => {
    const { store, folder } = await written()
    const file = join(folder, name)
    rmSync(file)
    execFileSync('mkfifo', ['-m', '600', file])
    const message = await distrust(store)
    expect(message).toContain('it is no file')
    type(message)
    expect(await write(store, 'newer')).toBe(true)
  })
})

describe('a lease’s number', () => {
  it.each(['99999999999999999999', '9007199254740991', String(2 ** 52)])(
    'that no store counts up to is an error, which names the file (%s)',
    async (number) => {
      const { store, folder } = await written()
      const file = join(folder, `lease.${number}`)
      writeFileSync(file, '', { mode: 0o600 })
      const message = await distrust(store)
      expect(message).toContain(`${file} has a number that no store counts up to`)
      expect(await store.get('key')).toMatchObject({ value: 'value' })
      rmSync(file)
      expect(await write(store, 'newer')).toBe(true)
    },
  )

  it('is counted on from the highest that a store counts up to', async () => {
    const { store, folder } = await written()
    writeFileSync(join(folder, `lease.${2 ** 52 - 2}`), '', { mode: 0o600 })
    const lease = (await store.lease('key', 1_000))!
    expect(lease.fence).toBe(2 ** 52 - 1)
    await lease.release()
  })
})

describe('a value’s size [R47]', () => {
  it('has a limit, beyond which it is not read', async () => {
    const { store, folder } = await written()
    const file = join(folder, 'value')
    truncateSync(file, 2 ** 21 + 1)
    await expect(store.get('key')).rejects.toMatchObject({
      code: 'token_store_corrupt',
      message: expect.stringMatching(/\/value has more than 2097152 bytes\. It is left as it is/),
    })
    // Nobody could read that: more than Node's longest text, and than this machine's memory.
    truncateSync(file, 2 ** 40)
    await expect(store.get('key')).rejects.toMatchObject({ code: 'token_store_corrupt' })
  })

  it('that is too large is an error before the old value is replaced', async () => {
    const { store, folder } = await written()
    await expect(write(store, 'x'.repeat(2 ** 21))).rejects.toMatchObject({
      code: 'token_store_failed',
      retryable: false,
      requestSent: false,
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('value'))).toEqual(['value'])
    expect(await new FileTokenStore(join(folder, '..')).get('key')).toMatchObject({ value: 'value' })
  })
})

import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { Secret } from '../../src/base/secret.js'
import { encryption } from '../../src/base/encryption.js'
import { reachableText } from './reachable.js'

const [one, other] = [randomBytes(32), randomBytes(32)]
const SECRET = 'refresh-token-žluť-🙂'
const CHANGED = { text: undefined, hasKey: true }

describe('a sealed text', () => {
  it('opens with its key and name, and shows nothing of either, nor of itself', () => {
    const { encrypt, open } = encryption('encryptionKey', one)
    const encrypted = encrypt(SECRET, 'name')
    expect(open(encrypted, 'name')).toEqual({ text: SECRET, hasKey: true })
    expect(encrypted).toMatch(/^[0-9a-f]{16}\.[A-Za-z0-9+/]+=*$/)
    for (const hidden of [SECRET, 'refresh', 'name', one.toString('hex').slice(0, 16)])
      expect(encrypted).not.toContain(hidden)
  })

  it('is another one each time', () => {
    const { encrypt } = encryption('encryptionKey', one)
    const encrypted = Array.from({ length: 100 }, () => encrypt(SECRET, 'name').slice(17, 33))
    expect(new Set(encrypted).size).toBe(100)
  })

  it('may be empty', () => {
    const { encrypt, open } = encryption('encryptionKey', one)
    expect(open(encrypt('', 'name'), 'name')).toEqual({ text: '', hasKey: true })
  })

  it('stays shut for another name, and for whoever has another key', () => {
    const { encrypt, open } = encryption('encryptionKey', one)
    const encrypted = encrypt(SECRET, 'name')
    expect(open(encrypted, 'names')).toEqual(CHANGED)
    expect(encryption('encryptionKey', other).open(encrypted, 'name')).toEqual({ text: undefined, hasKey: false })
  })

  it('stays shut when a byte of it was changed, left out or added', () => {
    const { encrypt, open } = encryption('encryptionKey', [one, other])
    const encrypted = encrypt(SECRET, 'name')
    const [id, base64] = encrypted.split('.') as [string, string]
    const bytes = Buffer.from(base64, 'base64')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(open(`${id}.${changed.toString('base64')}`, 'name')).toEqual(CHANGED)
      expect(open(`${id}.${bytes.subarray(0, at).toString('base64')}`, 'name')).toEqual(CHANGED)
    }
    expect(open(`${id}.${Buffer.concat([bytes, bytes.subarray(0, 1)]).toString('base64')}`, 'name')).toEqual(CHANGED)
    const otherId = encryption('encryptionKey', other).encrypt('', '').split('.')[0]!
    expect(open(`${otherId}.${base64}`, 'name')).toEqual(CHANGED)
    for (const strange of ['', '.', id, `${id}.`, 'x', `__proto__.${base64}`])
      expect(open(strange, 'name')).toMatchObject({ text: undefined })
  })
})

describe('the keys', () => {
  it('of a list all open, and the first seals', () => {
    const before = encryption('encryptionKey', one).encrypt(SECRET, 'name')
    const { encrypt, open } = encryption('encryptionKey', [other, one])
    expect(open(before, 'name')).toEqual({ text: SECRET, hasKey: true })
    const after = encrypt(SECRET, 'name')
    expect(encryption('encryptionKey', other).open(after, 'name')).toEqual({ text: SECRET, hasKey: true })
    expect(encryption('encryptionKey', one).open(after, 'name')).toEqual({ text: undefined, hasKey: false })
  })

  it.each([
    ['bytes', one],
    ['a plain Uint8Array', new Uint8Array(one)],
    ['base64', one.toString('base64')],
    ['base64 for URLs', one.toString('base64url')],
    ['a Secret of base64', new Secret(one.toString('base64'))],
  ])('may be %s', (_what, key) => {
    const encrypted = encryption('encryptionKey', one).encrypt(SECRET, 'name')
    expect(encryption('encryptionKey', key).open(encrypted, 'name')).toEqual({ text: SECRET, hasKey: true })
  })

  it('stay what they were when the caller uses the bytes again, and show nowhere', () => {
    const bytes = Buffer.from(one)
    const encrypted = encryption('encryptionKey', bytes)
    bytes.fill(0)
    expect(encrypted.open(encryption('encryptionKey', one).encrypt(SECRET, 'name'), 'name')).toEqual({
      text: SECRET,
      hasKey: true,
    })
    expect(reachableText(encrypted)).not.toContain(one.toString())
  })
})

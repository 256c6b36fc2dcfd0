import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { TokenError } from '../../src/base/errors.js'
import { encryption } from '../../src/base/encryption.js'
import { storedFileFormat } from '../../src/stores/stored-file.js'

const record = {
  value: 'line\nline "quoted" 🙂',
  version: 'v',
  sequence: 4,
  writtenAt: { wall: 1.5, monotonic: 2.5 },
  ttl: 3,
}
const encrypted = storedFileFormat(encryption('encryptionKey', randomBytes(32)))
const plain = storedFileFormat(undefined)

function refusal(read: () => unknown): TokenError {
  try {
    read()
  } catch (error) {
    return error as TokenError
  }
  throw new Error('It was taken.')
}

describe.each([
  ['plain', plain],
  ['sealed', encrypted],
])('a %s file', (_kind, format) => {
  const text = format.encode(record, 'name')

  it('gives back what was written', () => {
    expect(format.decode(text, 'name', 'path')).toEqual(record)
  })

  it('is two lines, and is told when anything of them is changed, missing or added', () => {
    expect(text.split('\n')).toHaveLength(3)
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
      for (const damaged of [changed, text.slice(0, at), text + text.slice(0, at + 1)]) {
        const error = refusal(() => format.decode(damaged, 'name', '/the/path'))
        expect(error).toMatchObject({ code: 'token_store_corrupt', retryable: false, requestSent: false })
        expect(error.message).toContain('/the/path')
        expect(error.message).not.toContain('quoted')
      }
    }
  })

  it('of another key is told', () => {
    expect(refusal(() => format.decode(text, 'another', 'path')).message).toContain('that of another key')
  })
})

it('a sealed file needs a key, a plain one is not taken where there is one, and what is neither never', () => {
  const read = (format: typeof plain, text: string) => refusal(() => format.decode(text, 'name', 'path')).message
  expect(read(plain, encrypted.encode(record, 'name'))).toContain('there is no encryptionKey')
  expect(read(encrypted, plain.encode(record, 'name'))).toContain('is not sealed')
  const others = storedFileFormat(encryption('encryptionKey', randomBytes(32)))
  expect(read(others, encrypted.encode(record, 'name'))).toContain('not among those of encryptionKey')
  for (const foreign of ['', '\n', 'x', '{}', '\u0000'.repeat(100)])
    expect(read(plain, foreign)).toContain('no file of this store')
})

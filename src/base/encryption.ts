import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import type { EverbearerError } from './errors.js'
import { invalidOption } from './options.js'
import { Secret } from './secret.js'

/** 32 random bytes, as they are or as base64: `openssl rand -base64 32` prints some. */
export type EncryptionKey = Uint8Array | string | Secret

/** What came of opening a sealed text. */
export interface Decrypted {
  /** Undefined when it stays shut. */
  readonly text: string | undefined
  /** False when it was sealed with a key that is not there; otherwise it was changed, or has another name. */
  readonly hasKey: boolean
}

/** Seals texts, so that nobody else reads them, changes one, or passes one off as another. */
export interface Encryption {
  encrypt(text: string, name: string): string
  /** `name` must be what it was sealed with. */
  open(encrypted: string, name: string): Decrypted
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM with the first of the keys; what was sealed with any of them opens, so that a key can be replaced. A sealed
 * text begins with the name of its key, which tells nothing about the key. Throws {@link EverbearerError} `invalid_option`.
 */
export function encryption(option: string, given: EncryptionKey | readonly EncryptionKey[]): Encryption {
  const keys = new Map((Array.isArray(given) ? given : [given]).map((key: unknown) => readKey(option, key)))
  const [first] = keys
  if (first === undefined) throw invalidOption(option, 'must be a key, or a list of keys that is not empty')
  const [firstId, firstKey] = first
  return {
    encrypt(text, name) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(CIPHER, firstKey, iv).setAAD(Buffer.from(`${firstId}.${name}`))
      const bytes = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()])
      return `${firstId}.${bytes.toString('base64')}`
    },
    open(encrypted, name) {
      const [id = '', base64 = ''] = encrypted.split('.')
      const key = keys.get(id)
      if (key === undefined) return { text: undefined, hasKey: false }
      const bytes = Buffer.from(base64, 'base64')
      // Decoding base64 forgives what does not belong there.
      const isWhole = encrypted === `${id}.${bytes.toString('base64')}`
      return { text: isWhole ? decipher(key, bytes, `${id}.${name}`) : undefined, hasKey: true }
    },
  }
}

function decipher(key: KeyObject, bytes: Buffer, additionalData: string): string | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined
  const end = bytes.length - TAG_BYTES
  const iv = bytes.subarray(0, IV_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(additionalData)).setAuthTag(bytes.subarray(end))
  const text = decipher.update(bytes.subarray(IV_BYTES, end))
  try {
    return Buffer.concat([text, decipher.final()]).toString()
  } catch {
    return undefined
  }
}

/** A key by its name. As a KeyObject it shows nowhere, and stays what it is when the caller's bytes are used again. */
function readKey(option: string, given: unknown): [id: string, key: KeyObject] {
  const value = given instanceof Secret ? given.reveal() : given
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value
  if (!(bytes instanceof Uint8Array) || bytes.byteLength !== KEY_BYTES) {
    throw invalidOption(option, 'must be 32 random bytes, as a Buffer or as base64, or a list of such keys')
  }
  const id = createHash('sha256').update('everbearer encryption key ').update(bytes).digest('hex').slice(0, 16)
  return [id, createSecretKey(bytes)]
}

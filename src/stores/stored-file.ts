import { createHash } from 'node:crypto'

import { EverbearerError, TokenError } from '../base/errors.js'
import type { Instant } from '../base/clock.js'
import { ownMembers } from '../base/own-members.js'
import type { Encryption } from '../base/encryption.js'

/** A value as a file holds it. */
export interface StoredRecord {
  readonly value: string
  readonly version: string
  /** Greater than that of every value of the key that its writer had seen. */
  readonly sequence: number
  readonly writtenAt: Instant
  readonly ttl: number
}

/**
 * A file's text: a line that says what it is, and a line with the record, sealed or with its checksum. `name` says whose
 * value it is: a file that was put in the place of another is told by it.
 */
export interface StoredFileFormat {
  encode(record: StoredRecord, name: string): string
  /** Throws {@link EverbearerError} `token_store_corrupt`, which names the path and quotes nothing of the text. */
  decode(text: string, name: string, path: string): StoredRecord
}

const PLAIN = 'everbearer token, version 1, plain'
const SEALED = 'everbearer token, version 1, sealed'

export function storedFileFormat(encryption: Encryption | undefined): StoredFileFormat {
  return {
    encode(record, name) {
      const json = JSON.stringify(record)
      return encryption
        ? `${SEALED}\n${encryption.encrypt(json, name)}\n`
        : `${PLAIN}\n${checksum(json, name)} ${json}\n`
    },
    decode(text, name, path) {
      const [, kind, body = ''] = /^([^\n]*)\n([^\n]*)\n$/.exec(text) ?? []
      if (kind !== PLAIN && kind !== SEALED) throw corrupt(path, 'is no file of this store, or not all of one')
      const json = kind === PLAIN ? plainJson(body, name, path, encryption) : openedJson(body, name, path, encryption)
      return parsedRecord(json)
    },
  }
}

function plainJson(body: string, name: string, path: string, encryption: Encryption | undefined): string {
  // Whoever can write to the directory could otherwise put a session of his own in the place of a sealed one.
  if (encryption) throw corrupt(path, 'is not sealed, though there is an encryptionKey')
  const json = body.slice(body.indexOf(' ') + 1)
  if (body !== `${checksum(json, name)} ${json}`) throw corrupt(path, 'was changed, or is that of another key')
  return json
}

function openedJson(body: string, name: string, path: string, encryption: Encryption | undefined): string {
  if (encryption === undefined) throw corrupt(path, 'is sealed, and there is no encryptionKey')
  const { text, hasKey } = encryption.open(body, name)
  if (text !== undefined) return text
  if (!hasKey) throw corrupt(path, 'was sealed with a key that is not among those of encryptionKey')
  throw corrupt(path, 'was changed, or is that of another key')
}

/** What bears the right checksum or seal was written by a store. */
function parsedRecord(json: string): StoredRecord {
  // The first files had no sequence.
  const record = ownMembers(JSON.parse(json) as Omit<StoredRecord, 'sequence'> & Partial<StoredRecord>)
  const { value, version, sequence = 0, writtenAt, ttl } = record
  const { wall, monotonic } = ownMembers(writtenAt)
  return { value, version, sequence, writtenAt: { wall, monotonic }, ttl }
}

function checksum(json: string, name: string): string {
  return createHash('sha256').update(`${name}\n${json}`).digest('hex')
}

export function corrupt(path: string, why: string): TokenError {
  const message = `The token store's file ${path} ${why}. It is left as it is: look at it, and remove it to start anew.`
  return new TokenError('token_store_corrupt', message, { requestSent: false })
}

import { createHash, KeyObject } from 'node:crypto'

import type { EverbearerError } from '../base/errors.js'
import { ownMembers } from '../base/own-members.js'
import { Secret } from '../base/secret.js'
import { writeJson } from '../protocol/json.js'
import type { GrantCredentials } from '../token/grant.js'
import { readCertificate, thumbprint } from './certificate.js'

/** What a client authenticates with. */
const OF_CLIENT = ['clientSecret', 'privateKey']
/** By what it shows for whom it asks. */
const OF_USER = ['refreshToken', 'subjectToken', 'actorToken', 'assertion']

/**
 * Digests of the options that are credentials. Functions are all alike: what one reads is known only when it is asked, and
 * it reads from the service's own place, not from whoever calls it. A certificate counts if no private key does: a new one
 * for the same key would change the digest, and with it the session's owner.
 *
 * Throws {@link EverbearerError} `invalid_option` for a certificate that can't be read.
 */
export function credentialsOf(options: object): GrantCredentials {
  const given = ownMembers(options) as Readonly<Record<string, unknown>>
  const { privateKey, certificate } = given
  const isPresented = privateKey === undefined && certificate !== undefined
  const presented = isPresented ? [['certificate', thumbprint(readCertificate(certificate))]] : []
  const digest = (names: readonly string[]) => {
    const texts = [...names.map((name) => textOf(given[name])), ...presented]
    return new Secret(createHash('sha256').update(JSON.stringify(texts)).digest('hex'))
  }
  // Whoever signs an assertion here is known by the key, as a client is by its own.
  const isSigned = textOf(given['assertion'])[0] === 'members'
  return { client: digest(isSigned ? [...OF_CLIENT, 'assertion'] : OF_CLIENT), all: digest([...OF_CLIENT, ...OF_USER]) }
}

function textOf(value: unknown, isMember = false): readonly unknown[] {
  if (typeof value === 'string') return ['text', value]
  if (value instanceof Secret) return ['text', value.reveal()]
  if (value instanceof KeyObject) return ['key', value.export({ format: 'jwk' })]
  if (isMember || typeof value !== 'object' || value === null) return [typeof value, writeJson(value)]
  return ['members', Object.entries(value).map(([name, member]) => [name, textOf(member, true)])]
}

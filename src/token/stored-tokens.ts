import { createHmac, randomBytes } from 'node:crypto'

import { elapsedSince } from '../base/clock.js'
import type { Clock, Instant } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import { ownMembers } from '../base/own-members.js'
import { Secret } from '../base/secret.js'
import { AccessToken } from './access-token.js'
import type { AccessTokenInit } from './access-token.js'
import type { TokenSet } from './grant.js'
import type { Prover } from './prover.js'
import type { StoredValue } from './token-store.js'

/** A token set that was read from a store. */
export interface StoredTokens {
  readonly set: TokenSet
  /** Whether it was got with the credentials of who reads it. To another only its server may say whose it is. */
  readonly isOwn: boolean
  readonly requestedAt: Instant
  /** It was requested because the API had rejected the one before. */
  readonly isForRejection: boolean
  readonly version: string
}

const SCHEMA = 1

/**
 * The text of a token set for a store. It says how old the set was when it was written, and no time of day: the reader's
 * clock may be another's.
 */
export function writeTokens(
  set: TokenSet,
  {
    requestedAt,
    isForRejection,
    clock,
    credentials,
  }: { requestedAt: Instant; isForRejection?: boolean; clock: Clock; credentials: Secret | undefined },
): string {
  const { accessToken, refreshToken, idToken, parameters } = ownMembers(set)
  const { lifetime, scope } = accessToken
  return JSON.stringify({
    schema: SCHEMA,
    age: elapsedSince(requestedAt, clock),
    ...(isForRejection && { mintedForRejection: true }),
    accessToken: accessToken.reveal(),
    lifetime: storableLifetime(lifetime),
    scope,
    refreshToken: refreshToken?.reveal(),
    idToken: idToken?.reveal(),
    parameters: storable(parameters),
    ...(credentials && gotWith(credentials)),
  })
}

/** What tells the credentials again and does not tell what they are. */
function gotWith(credentials: Secret, salt = randomBytes(16).toString('base64url')) {
  return { salt, credentials: createHmac('sha256', credentials.reveal()).update(salt).digest('base64url') }
}

/** A grant of somebody's own may say anything. What JSON has no number for would never be read again, nor overwritten. */
function storableLifetime(lifetime: number | undefined): number | undefined {
  if (lifetime === undefined || lifetime === Infinity) return undefined
  return lifetime > 0 ? lifetime : 0
}

/** A server may nest its own members deeper than JSON can be written. They are worth less than the tokens. */
function storable(parameters: TokenSet['parameters'] | undefined): TokenSet['parameters'] {
  try {
    JSON.stringify(parameters)
    return parameters ?? {}
  } catch {
    return {}
  }
}

/**
 * Reads it again; `prover` is that of the grant, whose key the tokens are bound to, and so are `credentials`. Throws {@link TokenError}
 * `token_store_corrupt`, without a word of what it read.
 */
export function readTokens(
  { value, version, age }: StoredValue,
  clock: Clock,
  { prover, credentials }: { prover?: Prover | undefined; credentials?: Secret | undefined } = {},
): StoredTokens {
  const members = parseMembers(value)
  const { schema, accessToken, lifetime, scope, refreshToken, idToken, parameters, age: ageAtWrite } = members
  if (schema !== SCHEMA) throw corrupt('was written by another version, or by another program')
  if (
    typeof accessToken !== 'string' ||
    !isAge(ageAtWrite) ||
    !isAge(age) ||
    !(lifetime === undefined || isAge(lifetime)) ||
    !(scope === undefined || isTexts(scope)) ||
    !isTextOrAbsent(refreshToken) ||
    !isTextOrAbsent(idToken) ||
    typeof parameters !== 'object'
  ) {
    throw corrupt('is not what was written')
  }
  const total = age + ageAtWrite
  return {
    set: {
      accessToken: revive(accessToken, { lifetime, scope, prover }),
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      idToken: idToken === undefined ? undefined : new Secret(idToken),
      parameters: { ...parameters },
    },
    isOwn: isGotWith(credentials, members),
    isForRejection: members['mintedForRejection'] === true,
    requestedAt: { wall: clock.now() - total, monotonic: clock.monotonic() - total },
    version,
  }
}

function isGotWith(credentials: Secret | undefined, { salt, credentials: tag }: Readonly<Record<string, unknown>>) {
  if (credentials === undefined) return tag === undefined
  return typeof salt === 'string' && gotWith(credentials, salt).credentials === tag
}

function revive(value: string, init: AccessTokenInit): AccessToken {
  try {
    return new AccessToken(value, init)
  } catch {
    throw corrupt('holds an access token that is none')
  }
}

function parseMembers(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // Its error would quote the text.
    throw corrupt('is not JSON')
  }
  // The members of a text are its characters, however many they are.
  return typeof parsed === 'object' && parsed !== null ? ownMembers(parsed as Record<string, unknown>) : {}
}

function isAge(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '')
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function corrupt(what: string): TokenError {
  const message = `What the token store holds for this identity ${what}: check who else writes there, then remove it.`
  return new TokenError('token_store_corrupt', message, { requestSent: false })
}

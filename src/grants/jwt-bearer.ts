import { systemClock } from '../base/clock.js'
import type { EverbearerError } from '../base/errors.js'
import { checkText, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { Secret } from '../base/secret.js'
import type { Grant } from '../token/grant.js'
import { ASSERTION_GRANT_OPTIONS, assertionGrant } from './assertion-grant.js'
import type { AssertionGrant, AssertionGrantOptions } from './assertion-grant.js'
import { checkSecret, readSecret } from '../client-auth/client-secret.js'
import type { ClientSecret } from '../client-auth/client-secret.js'
import { jsonTexts } from './json-parameters.js'
import { readPrivateKey } from '../client-auth/private-key.js'
import type { PrivateKey } from '../client-auth/private-key.js'
import { signJwt } from '../client-auth/signed-jwt.js'

/** How an assertion is made anew for each try. */
export interface JwtAssertion {
  /** Signs the assertion. (The key that authenticates the client is beside `clientId`.) */
  privateKey: PrivateKey
  /** Which key it is, for a server that knows several: `kid`. Default: a JWK's own. */
  keyId?: string | undefined
  /** Default: RS256, ES256, ES384, ES512 or EdDSA, as it fits the key. */
  signingAlgorithm?: string | undefined
  /** Who vouches: `iss`. Default `clientId`. */
  issuer?: string | undefined
  /** To whom: `aud`. Default: the grant's `issuer`, otherwise the token endpoint's URL. */
  audience?: string | undefined
  /** Milliseconds until it expires. Default 60,000; Google takes an hour at most, Salesforce some minutes. */
  lifetime?: number | undefined
  /** What else it says, such as Google's `scope`. */
  claims?: Readonly<Record<string, unknown>> | undefined
}

/** Who asks for a token, and the JWT that speaks for it. */
export type JwtBearerOptions = AssertionGrantOptions & AssertedOptions

interface AssertedOptions {
  /** A JWT that somebody else made, which a function brings anew for each try; or how to make one. */
  assertion: ClientSecret | JwtAssertion
  /**
   * Whose tokens they are: `sub` of an assertion that is made here (RFC 7523 section 3 wants one; Google takes a service
   * account's without). Needed with a store, and where many users' tokens live together.
   */
  subject?: string | undefined
}

/** What this grant says itself. */
const OWN_CLAIMS = ['iss', 'sub', 'aud', 'iat', 'exp', 'jti']

const ASSERTION_OPTIONS: OptionNames<JwtAssertion> = {
  privateKey: true,
  keyId: true,
  signingAlgorithm: true,
  issuer: true,
  audience: true,
  lifetime: true,
  claims: true,
}

const DEFAULT_LIFETIME = 60_000

/**
 * The JWT bearer assertion grant (RFC 7523 section 2.1): a service account, or a user whom a trusted key speaks for. It
 * does no I/O before a `TokenManager` asks it.
 *
 * Each try has an assertion of its own, with a new `jti`, by the manager's clock. One that is given as a text is sent as it
 * is, and never again when it may have arrived. Without `clientSecret` the client is named only, without `clientId` not
 * even that.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`. Signing needs the package `jose`: without it the
 * manager's `getToken` rejects with `dependency_missing`.
 *
 * @example
 * ```js
 * import { generateKeyPairSync } from 'node:crypto'
 * import { TokenManager, jwtBearer } from 'everbearer'
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
 * const tokens = new TokenManager(
 *   jwtBearer({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     assertion: {
 *       privateKey, // or a PEM, or a JWK
 *       keyId: 'key 1',
 *       issuer: 'robot@example.com',
 *       claims: { scope: 'things:read' },
 *     },
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function jwtBearer(given: JwtBearerOptions): Grant {
  const options = knownOptions(given, 'jwtBearer', ASSERTION_GRANT_OPTIONS)
  const { assertion } = options
  const isMade = typeof assertion === 'object' && assertion !== null && !(assertion instanceof Secret)
  return assertionGrant(options, {
    grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ...(isMade ? madeAssertion(assertion, options) : givenAssertion(assertion)),
  })
}

type SpokenFor = Omit<AssertionGrant, 'grantType'>

function givenAssertion(assertion: ClientSecret): SpokenFor {
  checkSecret('assertion', assertion)
  return {
    assertion: () => readSecret('assertion', assertion),
    repeatable: typeof assertion === 'function',
    userBound: true,
  }
}

function madeAssertion(given: JwtAssertion, options: JwtBearerOptions): SpokenFor {
  const own = knownOptions(given, 'assertion of jwtBearer', ASSERTION_OPTIONS)
  const { keyId, issuer = options.clientId, audience = options.issuer, lifetime = DEFAULT_LIFETIME } = own
  const { key, algorithm, keyId: ownId } = readPrivateKey('assertion.privateKey', own.privateKey, own.signingAlgorithm)
  checkText('assertion.keyId', keyId)
  checkText('assertion.audience', own.audience)
  if (typeof issuer !== 'string' || issuer === '') {
    throw invalidOption('assertion.issuer', 'must say who vouches, where there is no clientId')
  }
  if (typeof lifetime !== 'number' || !(lifetime >= 1_000 && lifetime < Infinity)) {
    throw invalidOption('assertion.lifetime', 'must be a number of milliseconds, 1,000 or more')
  }
  const claims = claimsOf(own.claims)
  const kid = keyId ?? ownId
  const { subject, clockTolerance } = options

  return {
    async assertion({ clock = systemClock }, tokenEndpoint) {
      return signJwt({
        key,
        algorithm,
        header: { typ: 'JWT', kid },
        claims: {
          ...claims,
          iss: issuer,
          sub: subject,
          aud: audience ?? tokenEndpoint,
        },
        clock,
        lifetime,
        clockTolerance,
      })
    },
    asserted: JSON.stringify({ ...claims, iss: issuer, aud: audience }),
    repeatable: true,
    userBound: subject !== undefined,
  }
}

/** As they are now: the caller may go on with the object. */
function claimsOf(claims: JwtAssertion['claims'] = {}): Readonly<Record<string, unknown>> {
  const texts = jsonTexts('assertion.claims', claims)
  const own = OWN_CLAIMS.find((name) => Object.hasOwn(texts, name))
  if (own !== undefined) throw invalidOption('assertion.claims', `must not hold ${own}, which the grant sets itself`)
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.parse(text) as unknown]))
}

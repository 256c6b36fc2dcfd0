import { createSecretKey, randomUUID } from 'node:crypto'

import type { EverbearerError } from '../base/errors.js'
import { checkText, invalidOption } from '../base/options.js'
import type { ProveClient } from './client-proof.js'
import { checkSecret, readSecret } from './client-secret.js'
import type { ClientSecret } from './client-secret.js'
import { readPrivateKey } from './private-key.js'
import type { PrivateKey, SigningKey } from './private-key.js'
import { signJwt } from './signed-jwt.js'

/** With what a client signs, and for whom. */
export interface AssertionOptions {
  clientSecret?: ClientSecret | undefined
  privateKey?: PrivateKey | undefined
  keyId?: string | undefined
  signingAlgorithm?: string | undefined
  assertionAudience?: string | undefined
  issuer?: string | undefined
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const HMACS = ['HS256', 'HS384', 'HS512']

/** Seconds: it is sent at once, and clocks differ. */
const LIFETIME = 60

/** `private_key_jwt`. Throws {@link EverbearerError} `invalid_option`. */
export function proveByPrivateKey(clientId: string, options: AssertionOptions): ProveClient {
  const { privateKey, keyId, signingAlgorithm } = options
  checkText('signingAlgorithm', signingAlgorithm)
  checkText('keyId', keyId)
  const signingKey = readPrivateKey('privateKey', privateKey as PrivateKey, signingAlgorithm)
  return proveByAssertion(clientId, options, async () => ({ ...signingKey, ...(keyId !== undefined && { keyId }) }))
}

/** `client_secret_jwt`. Throws {@link EverbearerError} `invalid_option`. */
export function proveBySecret(clientId: string, options: AssertionOptions): ProveClient {
  const { clientSecret, signingAlgorithm: algorithm = 'HS256' } = options
  checkSecret('clientSecret', clientSecret)
  if (!HMACS.includes(algorithm)) throw invalidOption('signingAlgorithm', `must be ${HMACS.join(', ')} with a secret`)
  return proveByAssertion(clientId, options, async () => {
    const secret = await readSecret('clientSecret', clientSecret)
    return { key: createSecretKey(Buffer.from(secret)), algorithm }
  })
}

/** RFC 7523 section 2.2. For one server alone: two audiences would let each present the assertion to the other. */
function proveByAssertion(
  clientId: string,
  { assertionAudience, issuer }: AssertionOptions,
  signingKey: () => Promise<SigningKey>,
): ProveClient {
  checkText('assertionAudience', assertionAudience)
  if (assertionAudience === undefined && issuer === undefined) {
    const what = 'must name the server that the assertion is for: give `issuer`, or this where it wants another name'
    throw invalidOption('assertionAudience', what)
  }
  return async ({ issuer, clock }) => {
    const { keyId, ...signing } = await signingKey()
    const now = Math.floor(clock.now() / 1_000)
    const assertion = await signJwt({
      ...signing,
      header: { typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) },
      claims: {
        iss: clientId,
        sub: clientId,
        aud: (assertionAudience ?? issuer) as string,
        jti: randomUUID(),
        iat: now,
        exp: now + LIFETIME,
      },
    })
    return {
      headers: {},
      parameters: [
        // Not needed (RFC 7521 section 4.2), but there are servers that look for it.
        ['client_id', clientId],
        ['client_assertion_type', ASSERTION_TYPE],
        ['client_assertion', assertion],
      ],
      secrets: [assertion],
    }
  }
}

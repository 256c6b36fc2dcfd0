import { createSecretKey } from 'node:crypto'
import type { KeyObject, X509Certificate } from 'node:crypto'

import type { EverbearerError } from '../base/errors.js'
import { checkText, invalidOption } from '../base/options.js'
import { readCertificate, thumbprint } from './certificate.js'
import type { AuthenticateClient } from './client-authenticator.js'
import { checkSecret, readSecret } from './client-secret.js'
import type { ClientSecret } from './client-secret.js'
import { readPrivateKey } from './private-key.js'
import type { PrivateKey } from './private-key.js'
import { signJwt } from './signed-jwt.js'
import type { UnsignedJwt } from './signed-jwt.js'

/** With what a client signs, and for whom. */
export interface AssertionOptions {
  clientSecret?: ClientSecret | undefined
  privateKey?: PrivateKey | undefined
  keyId?: string | undefined
  certificate?: string | undefined
  signingAlgorithm?: string | undefined
  assertionAudience?: string | undefined
  issuer?: string | undefined
  clockTolerance?: number | undefined
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const HMACS = ['HS256', 'HS384', 'HS512']

/** Milliseconds: it is sent at once, and clocks differ. */
const LIFETIME = 60_000

/** `private_key_jwt`. Throws {@link EverbearerError} `invalid_option`. */
export function authenticateByPrivateKey(clientId: string, options: AssertionOptions): AuthenticateClient {
  const { privateKey, keyId, certificate, signingAlgorithm } = options
  checkText('signingAlgorithm', signingAlgorithm)
  checkText('keyId', keyId)
  const { key, algorithm, keyId: ownId } = readPrivateKey('privateKey', privateKey as PrivateKey, signingAlgorithm)
  const kid = keyId ?? ownId
  const header = {
    ...(kid !== undefined && { kid }),
    ...(certificate !== undefined && { 'x5t#S256': thumbprint(certifying(certificate, key)) }),
  }
  return authenticateByAssertion(clientId, options, async () => ({ key, algorithm, header }))
}

/** The certificate of this very key. */
function certifying(certificate: string, key: KeyObject): X509Certificate {
  const read = readCertificate(certificate)
  if (read.checkPrivateKey(key)) return read
  throw invalidOption('certificate', 'must be that of the private key: this one is not')
}

/** `client_secret_jwt`. Throws {@link EverbearerError} `invalid_option`. */
export function authenticateBySecret(clientId: string, options: AssertionOptions): AuthenticateClient {
  const { clientSecret, signingAlgorithm: algorithm = 'HS256' } = options
  checkSecret('clientSecret', clientSecret)
  if (!HMACS.includes(algorithm)) throw invalidOption('signingAlgorithm', `must be ${HMACS.join(', ')} with a secret`)
  return authenticateByAssertion(clientId, options, async () => {
    const secret = await readSecret('clientSecret', clientSecret)
    return { key: createSecretKey(Buffer.from(secret)), algorithm }
  })
}

/** RFC 7523 section 2.2. For one server alone: two audiences would let each present the assertion to the other. */
function authenticateByAssertion(
  clientId: string,
  { assertionAudience, issuer, clockTolerance }: AssertionOptions,
  signing: () => Promise<Pick<UnsignedJwt, 'key' | 'algorithm' | 'header'>>,
): AuthenticateClient {
  checkText('assertionAudience', assertionAudience)
  if (assertionAudience === undefined && issuer === undefined) {
    const what = 'must name the server that the assertion is for: give `issuer`, or this where it wants another name'
    throw invalidOption('assertionAudience', what)
  }
  return async ({ issuer, clock }) => {
    const { header, ...signature } = await signing()
    const assertion = await signJwt({
      ...signature,
      header: { typ: 'JWT', ...header },
      claims: { iss: clientId, sub: clientId, aud: assertionAudience ?? issuer },
      clock,
      lifetime: LIFETIME,
      clockTolerance,
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

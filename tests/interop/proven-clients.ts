import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import type { ClientAuthMethod, ClientMetadata, SigningAlgorithm } from 'oidc-provider'
import { CERTIFICATE_METADATA } from './mutual-tls.js'

export const SECRET = 'a secret that is long enough to sign with: 512 bits of it, for HS512 too'
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid })

export const AUTHENTICATION_METHODS: ClientAuthMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
]

export const SIGNING_ALGORITHMS: SigningAlgorithm[] = ['HS256', 'HS512', 'RS256', 'PS512', 'ES256']

/** Clients that prove who they are in some other way than by sending a secret, by their ids. */
const CLIENTS: Readonly<Record<string, Partial<ClientMetadata>>> = {
  'signs by RSA': { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk(RSA.publicKey, 'r')] } },
  'signs by EC': {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk(EC.publicKey, 'today'), jwk(generateKeyPairSync('ed25519').publicKey, 'yesterday')] },
  },
  'signs by its secret': { token_endpoint_auth_method: 'client_secret_jwt', client_secret: SECRET },
  'is named only': { token_endpoint_auth_method: 'none' },
  'has a certificate': {
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: CERTIFICATE_METADATA.subject,
  },
  'has a certificate of its own making': {
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: CERTIFICATE_METADATA.jwks,
  },
}

export const PROVEN_CLIENTS: readonly ClientMetadata[] = Object.entries(CLIENTS).map(([client_id, how]) => ({
  client_id,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  ...how,
}))

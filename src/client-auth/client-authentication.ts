import type { Dispatcher } from 'undici'

import type { EverbearerError } from '../base/errors.js'
import type { Omitted } from '../base/omitted.js'
import { invalidOption } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'
import { basicCredentials } from '../protocol/basic-credentials.js'
import type { BasicEncoding } from '../protocol/basic-credentials.js'
import { authenticateByPrivateKey, authenticateBySecret } from './client-assertion.js'
import type { AssertionOptions } from './client-assertion.js'
import type { AuthenticateClient } from './client-authenticator.js'
import { checkSecret, readSecret } from './client-secret.js'
import type { ClientSecret } from './client-secret.js'
import type { PrivateKey } from './private-key.js'

/** RFC 8414's and 8705's names for the methods of client authentication at the token endpoint. */
export type ClientAuthentication =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none'

interface SecretClient {
  clientId: string
  /** A function is called anew for every token request, so a secret can rotate. */
  clientSecret: ClientSecret
  /** Default: `client_secret_basic`, which every server must support (RFC 6749 section 2.3.1). */
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | undefined
  /** For `client_secret_basic`. Default `rfc6749`; `rfc7617` is for servers that do not decode what arrives. */
  basicEncoding?: BasicEncoding | undefined
  /** For `client_secret_jwt`. Default: `HS256`. */
  signingAlgorithm?: string | undefined
  /** For `client_secret_jwt`: what the server calls itself. Default `issuer`; some want their token endpoint's URL. */
  assertionAudience?: string | undefined
}

interface PrivateKeyClient {
  clientId: string
  /** Signs the client assertion. */
  privateKey: PrivateKey
  clientAuthentication?: 'private_key_jwt' | undefined
  /** Which of its keys that is, for a server that knows several (`kid`). Default: a JWK's own. */
  keyId?: string | undefined
  /**
   * The key's certificate (PEM), for a server that knows keys by those: its thumbprint goes along (`x5t#S256`), as
   * Microsoft Entra ID wants it.
   */
  certificate?: string | undefined
  /** Default: `RS256`, `ES256`, `ES384`, `ES512` or `EdDSA`, as it fits the key. */
  signingAlgorithm?: string | undefined
  /** What the server calls itself. Default `issuer`; some want their token endpoint's URL. */
  assertionAudience?: string | undefined
}

interface CertificateClient {
  clientId: string
  clientAuthentication: 'tls_client_auth' | 'self_signed_tls_client_auth'
  /** Presents the certificate when it connects. */
  dispatcher: Dispatcher
  /**
   * The certificate (PEM) that the dispatcher presents. Its thumbprint tells this client from others with the same id.
   * Needed with a store and in `TokenManagerPool`.
   */
  certificate?: string | undefined
}

interface PublicClient {
  clientId: string
  /** A client that keeps no secret says so. */
  clientAuthentication: 'none'
  /** The certificate (PEM) that a dispatcher presents, if the server binds tokens to it or knows the client by it. */
  certificate?: string | undefined
}

/** A client and how it authenticates: a secret, a private key, a certificate, or `clientAuthentication: 'none'`. */
export type ClientOptions = SecretClient | PrivateKeyClient | CertificateClient | PublicClient

/** A client that need not authenticate: it is public, or there is none. */
export interface UnauthenticatedClient {
  /** Without it no client is named. */
  clientId?: string | undefined
  clientAuthentication?: 'none' | undefined
  clientSecret?: Omitted
  privateKey?: Omitted
  certificate?: string | undefined
}

export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  clientId: 'defined',
  clientSecret: 'defined',
  clientAuthentication: true,
  basicEncoding: true,
  privateKey: 'defined',
  keyId: true,
  certificate: true,
  signingAlgorithm: true,
  assertionAudience: true,
  dispatcher: true,
}

/** A client as callers without types may give it, with what else the assertion needs. */
export interface Client extends AssertionOptions {
  clientId?: string | undefined
  clientAuthentication?: ClientAuthentication | undefined
  basicEncoding?: BasicEncoding | undefined
  dispatcher?: object | undefined
}

/** An option without which some method cannot be, or that changes how it works. */
type Credential = Exclude<
  keyof Client,
  'clientId' | 'clientAuthentication' | 'dispatcher' | 'issuer' | 'clockTolerance'
>

const CREDENTIALS: Readonly<Record<Credential, true>> = {
  clientSecret: true,
  basicEncoding: true,
  privateKey: true,
  keyId: true,
  certificate: true,
  signingAlgorithm: true,
  assertionAudience: true,
}

interface Method {
  readonly takes: readonly Credential[]
  /** Throws {@link EverbearerError} `invalid_option`. */
  readonly authenticator: (clientId: string, client: Client) => AuthenticateClient
}

const METHODS: Readonly<Record<ClientAuthentication, Method>> = {
  client_secret_basic: { takes: ['clientSecret', 'basicEncoding'], authenticator: authenticateByBasic },
  client_secret_post: { takes: ['clientSecret'], authenticator: authenticateByPost },
  client_secret_jwt: {
    takes: ['clientSecret', 'signingAlgorithm', 'assertionAudience'],
    authenticator: authenticateBySecret,
  },
  private_key_jwt: {
    takes: ['privateKey', 'keyId', 'certificate', 'signingAlgorithm', 'assertionAudience'],
    authenticator: authenticateByPrivateKey,
  },
  tls_client_auth: { takes: ['certificate'], authenticator: authenticateByCertificate },
  self_signed_tls_client_auth: { takes: ['certificate'], authenticator: authenticateByCertificate },
  none: { takes: ['certificate'], authenticator: nameOnly },
}

/**
 * Returns what authenticates a client. If that is `optional`, a client without a credential sends its id only, or nothing.
 * Throws {@link EverbearerError} `invalid_option`.
 */
export function clientAuthenticator(given: Client, { optional = false } = {}): AuthenticateClient {
  const client = ownMembers(given)
  const { clientId, clientAuthentication = usualMethod(client) ?? (optional ? 'none' : undefined) } = client
  if (clientAuthentication === undefined) {
    const what = "is missing, and so is privateKey; a client that has neither says clientAuthentication: 'none'"
    throw invalidOption('clientSecret', what)
  }
  if (typeof clientAuthentication !== 'string' || !Object.hasOwn(METHODS, clientAuthentication)) {
    throw invalidOption('clientAuthentication', `must be one of ${Object.keys(METHODS).join(', ')}`)
  }
  const { takes, authenticator } = METHODS[clientAuthentication]
  for (const option of Object.keys(CREDENTIALS) as Credential[]) {
    if (client[option] === undefined || takes.includes(option)) continue
    throw invalidOption(option, `does not go with ${clientAuthentication}: a client authenticates by one method`)
  }
  if (optional && clientId === undefined && clientAuthentication === 'none') return sendNoClient
  if (typeof clientId !== 'string' || clientId === '') {
    throw invalidOption('clientId', 'must be a string that is not empty')
  }
  return authenticator(clientId, client)
}

/** Returns whether the client authenticates by a certificate (RFC 8705). */
export function isByCertificate({ clientAuthentication }: Client): boolean {
  return clientAuthentication === 'tls_client_auth' || clientAuthentication === 'self_signed_tls_client_auth'
}

function usualMethod({ clientSecret, privateKey }: Client): ClientAuthentication | undefined {
  if (clientSecret !== undefined) return 'client_secret_basic'
  return privateKey === undefined ? undefined : 'private_key_jwt'
}

function authenticateByBasic(
  clientId: string,
  { clientSecret, basicEncoding = 'rfc6749' }: Client,
): AuthenticateClient {
  checkSecret('clientSecret', clientSecret)
  if (basicEncoding !== 'rfc6749' && basicEncoding !== 'rfc7617') {
    throw invalidOption('basicEncoding', 'must be rfc6749 or rfc7617')
  }
  if (basicEncoding === 'rfc7617' && clientId.includes(':')) {
    throw invalidOption('clientId', 'must have no colon with basicEncoding rfc7617, where one ends the id')
  }
  return async () => {
    const secret = await readSecret('clientSecret', clientSecret)
    const authorization = basicCredentials(clientId, secret, basicEncoding)
    return { headers: { authorization }, parameters: [], secrets: [authorization.replace('Basic ', ''), secret] }
  }
}

function authenticateByPost(clientId: string, { clientSecret }: Client): AuthenticateClient {
  checkSecret('clientSecret', clientSecret)
  return async () => {
    const secret = await readSecret('clientSecret', clientSecret)
    return {
      headers: {},
      parameters: [
        ['client_id', clientId],
        ['client_secret', secret],
      ],
      secrets: [secret],
    }
  }
}

/** The dispatcher shows it when it connects. */
function authenticateByCertificate(clientId: string, client: Client): AuthenticateClient {
  if (client.dispatcher === undefined) {
    throw invalidOption('dispatcher', 'must present the certificate: new Agent({ connect: { cert, key } }) of undici')
  }
  return nameOnly(clientId)
}

function nameOnly(clientId: string): AuthenticateClient {
  return async () => ({ headers: {}, parameters: [['client_id', clientId]], secrets: [] })
}

const sendNoClient: AuthenticateClient = async () => ({ headers: {}, parameters: [], secrets: [] })

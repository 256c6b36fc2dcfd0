import { randomBytes } from 'node:crypto'

import { exportJWK, generateKeyPair } from 'jose'
import type { Adapter, AdapterPayload, ClientMetadata, Configuration, ResourceServer, errors } from 'oidc-provider'
import { MUTUAL_TLS } from './mutual-tls.js'
import { AUTHENTICATION_METHODS, PROVEN_CLIENTS, SIGNING_ALGORITHMS } from './proven-clients.js'

/** A client as it is registered with the provider. */
export interface Registration {
  readonly clientId: string
  readonly clientSecret: string
  /** What it may ask for at most. */
  readonly scope?: string
  /** By which it may ask. Default: client credentials alone. */
}

/** Grant types that the provider does not know by itself. */
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** What an id and a secret may be made of (RFC 6749 appendices A.1 and A.2). */
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')

/** Who may ask for tokens. */
export const CLIENTS = {
  plain: { clientId: 'service', clientSecret: 'the secret of the service' },
  /** Every character that there may be, and what a half-hearted encoding would mistake for an encoded one. */
  reserved: { clientId: `a:b c+%3A&=/? ${PRINTABLE}`, clientSecret: `%zz 100% +:&=/? %41 ${PRINTABLE}` },
  /** It may not ask for all that the provider knows of. */
  reader: { clientId: 'reader', clientSecret: 'the secret of the reader', scope: 'things:read' },
  /** It is given tokens that are bound to its key, and no others. */
  bound: { clientId: 'bound', clientSecret: 'the secret of the bound' },
  /** Its users have sessions, whose refresh tokens rotate. */
  app: {
    clientId: 'app',
    clientSecret: 'the secret of the app',
  },
  /** The same, and its refresh tokens stay. */
  steady: {
    clientId: 'steady app',
    clientSecret: 'the secret of the steady app',
  },
} as const satisfies Record<string, Registration>

/** By client id, where it is not `client_credentials` alone. */
const GRANT_TYPES: Readonly<Record<string, readonly string[]>> = {
  [CLIENTS.app.clientId]: ['authorization_code', 'refresh_token', JWT_BEARER, TOKEN_EXCHANGE],
  [CLIENTS.steady.clientId]: ['authorization_code', 'refresh_token'],
}

/** Who may introspect. */
export const API: Registration = { clientId: 'api', clientSecret: 'the secret of the API' }

/** An API whose tokens are JWTs, and one whose tokens are opaque, by their resource indicators (RFC 8707). */
export const JWT_RESOURCE = 'https://things.example.com/'
export const OPAQUE_RESOURCE = 'urn:example:notes'

export const REDIRECT_URI = 'https://app.example.com/callback'

/** Below it users would sign in by a page. */
export const LOGIN_PATH = '/interaction/'

/** In seconds. */
const DAY = 24 * 60 * 60

const SCOPES = ['things:read', 'things:write']

const RESOURCES: ReadonlyMap<string, Partial<ResourceServer>> = new Map([
  [JWT_RESOURCE, { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }],
  [OPAQUE_RESOURCE, { accessTokenFormat: 'opaque' }],
])

/** What the provider is told. `lifetime` of its tokens in seconds, as it wants them. */
export async function configuration(
  lifetime: number,
  { InvalidTarget }: Pick<typeof errors, 'InvalidTarget'>,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256', kid: 'k' }
  return {
    jwks: { keys: [key] },
    clients: [...Object.values(CLIENTS), API].map(metadata),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: AUTHENTICATION_METHODS,
    enabledJWA: { clientAuthSigningAlgValues: SIGNING_ALGORITHMS },
    scopes: ['openid', 'offline_access', ...SCOPES],
    ttl: {
      ClientCredentials: lifetime,
      AccessToken: lifetime,
      RefreshToken: DAY,
      Grant: DAY,
      Session: DAY,
      Interaction: DAY,
      IdToken: lifetime,
    },
    rotateRefreshToken: (ctx) => ctx.oidc.client?.clientId !== CLIENTS.steady.clientId,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: (_ctx, { uid }) => `${LOGIN_PATH}${uid}` },
    // Whoever is signed in has consented.
    async loadExistingGrant({ oidc: { provider, client, session, requestParamScopes } }) {
      const consent = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      consent.addOIDCScope([...requestParamScopes].join(' '))
      await consent.save()
      return consent
    },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    adapter: MapAdapter,
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === API.clientId },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      devInteractions: { enabled: false },
      mTLS: MUTUAL_TLS,
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: ({ oidc }) => oidc.client?.clientId === CLIENTS.bound.clientId,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, indicator) {
          const resource = RESOURCES.get(indicator)
          if (resource === undefined) throw new InvalidTarget()
          return { scope: SCOPES.join(' '), audience: indicator, accessTokenTTL: lifetime, ...resource }
        },
      },
    },
  }
}

function metadata(registration: Registration): ClientMetadata {
  const { clientId, clientSecret, scope } = registration
  const grantTypes = GRANT_TYPES[clientId] ?? ['client_credentials']
  const hasUsers = grantTypes.includes('authorization_code')
  return {
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope !== undefined && { scope }),
    grant_types: [...grantTypes],
    dpop_bound_access_tokens: clientId === CLIENTS.bound.clientId,
    response_types: hasUsers ? ['code'] : [],
    redirect_uris: hasUsers ? [REDIRECT_URI] : [],
  }
}

/** The provider's own store warns that it is not for production. This one forgets only what is revoked. */
class MapAdapter implements Adapter {
  readonly #payloads = new Map<string, AdapterPayload>()

  constructor(model: string) {
    // Of what it was configured with the provider makes clones that Jest's realm does not know as objects of its own.
    if (model === 'Client') for (const client of PROVEN_CLIENTS) this.#payloads.set(client.client_id, client)
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#payloads.set(id, payload)
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#payloads.get(id)
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id)
  }

  async consume(id: string): Promise<void> {
    Object.assign(this.#payloads.get(id) ?? {}, { consumed: Math.floor(Date.now() / 1_000) })
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.#payloads) if (payload.grantId === grantId) this.#payloads.delete(id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#payloads.values()].find((payload) => payload.uid === uid)
  }

  findByUserCode = unused
}

async function unused(): Promise<never> {
  throw new Error('Nobody here signs in by another device.')
}

import { exportJWK, generateKeyPair } from 'jose'
import type { Adapter, AdapterPayload, ClientMetadata, Configuration, ResourceServer, errors } from 'oidc-provider'

/** A client as it is registered with the provider. */
export interface Registration {
  readonly clientId: string
  readonly clientSecret: string
  /** What it may ask for at most. */
  readonly scope?: string
}

/** What an id and a secret may be made of (RFC 6749 appendices A.1 and A.2). */
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')

/** Who may ask for tokens. */
export const CLIENTS = {
  plain: { clientId: 'service', clientSecret: 'the secret of the service' },
  /** Every character that there may be, and what a half-hearted encoding would mistake for an encoded one. */
  reserved: { clientId: `a:b c+%3A&=/? ${PRINTABLE}`, clientSecret: `%zz 100% +:&=/? %41 ${PRINTABLE}` },
  /** It may not ask for all that the provider knows of. */
  reader: { clientId: 'reader', clientSecret: 'the secret of the reader', scope: 'things:read' },
} as const satisfies Record<string, Registration>

/** Who may introspect. */
export const API: Registration = { clientId: 'api', clientSecret: 'the secret of the API' }

/** An API whose tokens are JWTs, and one whose tokens are opaque, by their resource indicators (RFC 8707). */
export const JWT_RESOURCE = 'https://things.example.com/'
export const OPAQUE_RESOURCE = 'urn:example:notes'

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
    scopes: SCOPES,
    ttl: { ClientCredentials: lifetime },
    adapter: MapAdapter,
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === API.clientId },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      devInteractions: { enabled: false },
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

function metadata({ clientId, clientSecret, scope }: Registration): ClientMetadata {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope !== undefined && { scope }),
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }
}

/** The provider's own store warns that it is not for production. This one forgets only what is revoked. */
class MapAdapter implements Adapter {
  readonly #payloads = new Map<string, AdapterPayload>()

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#payloads.set(id, payload)
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#payloads.get(id)
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id)
  }

  findByUserCode = unused
  findByUid = unused
  consume = unused
  revokeByGrantId = unused
}

async function unused(): Promise<never> {
  throw new Error('No token of a client that acts for itself needs this.')
}

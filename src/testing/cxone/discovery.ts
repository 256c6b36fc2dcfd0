import { empty, json } from '../platform/responses.js'
import type { Arrival } from '../platform/refusal.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, REFUSALS } from './refusals.js'
import { TOKEN_PATH } from './token-paths.js'

/** Where everything is found. */
export const DISCOVERY = '/.well-known/'

/** The two discovery documents, both open to everybody. All that they name is at the origin that was asked. */
export class Discovery {
  readonly #options: ResolvedOptions

  constructor(options: ResolvedOptions) {
    this.#options = options
  }

  /** Throws refusals. */
  response({ request, url }: Arrival): Response {
    const document = url.pathname.slice(DISCOVERY.length)
    if (document !== 'openid-configuration' && document !== 'cxone-configuration') throw REFUSALS.notFound()
    if (request.method !== 'GET') throw REFUSALS.methodNotAllowed(request.method, 'GET')
    return document === 'openid-configuration' ? openidConfiguration(url) : this.#cxoneConfiguration(url)
  }

  #cxoneConfiguration({ searchParams, origin }: URL): Response {
    const { tenantId, area } = this.#options
    const asked = searchParams.get('tenantId')
    if (asked === null || asked === '') throw badRequest('The parameter tenantId is missing.')
    if (asked !== tenantId) return empty(404)
    return json(200, {
      private: false,
      ui_endpoint: origin,
      auth_endpoint: origin,
      api_endpoint: origin,
      area,
      cluster: 'c0',
      domain: 'niceincontact.com',
      acdDomain: 'nice-incontact.com',
      uhDomain: 'nice-incontact.com',
      tenantId,
      globaldomain: 'niceincontact.com',
    })
  }
}

function openidConfiguration({ origin }: URL): Response {
  return json(200, {
    authorization_endpoint: `${origin}/auth/authorize`,
    claim_types_supported: ['normal'],
    display_values_supported: ['page', 'popup'],
    end_session_endpoint: `${origin}/auth/endSession`,
    id_token_signing_alg_values_supported: ['RS256'],
    issuer: origin,
    request_object_signing_alg_values_supported: ['none'],
    response_types_supported: ['code'],
    scopes_supported: ['openid'],
    subject_types_supported: ['public'],
    token_endpoint: `${origin}${TOKEN_PATH}`,
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
  })
}

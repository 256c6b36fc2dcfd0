import type { AccessTokens } from './access-tokens.js'
import { empty, json } from './answers.js'
import type { ApiCall } from './api-call.js'
import type { Organization } from './organization.js'
import type { Route } from './route.js'

/** `/api/v2/tokens` */
export class TokensEndpoint {
  readonly #tokens: AccessTokens
  readonly #organization: Organization
  readonly routes: readonly Route[] = [
    { method: 'HEAD', path: '/api/v2/tokens/me', answer: () => empty(200) },
    { method: 'GET', path: '/api/v2/tokens/me', answer: (call) => this.#describe(call) },
    { method: 'DELETE', path: '/api/v2/tokens/me', answer: (call) => this.#revoke(call) },
  ]

  constructor(tokens: AccessTokens, organization: Organization) {
    this.#tokens = tokens
    this.#organization = organization
  }

  #describe({ token }: ApiCall): Response {
    const { id, name } = this.#organization
    const organization = { id, name }
    const client = {
      id: token.client.clientId,
      name: 'Simulated client',
      authorizedGrantType: 'CLIENT-CREDENTIALS',
      organization,
    }
    return json(200, { organization, homeOrganization: organization, authorizedScope: [], OAuthClient: client })
  }

  #revoke({ token }: ApiCall): Response {
    this.#tokens.revoke(token)
    return empty(200)
  }
}

import type { LiveTokens } from '../platform/live-tokens.js'
import { empty, json } from '../platform/answers.js'
import { ApiRefusal } from './answers.js'
import type { ResolvedOptions } from './options.js'
import { iso } from '../platform/moment.js'
import type { Organization } from './organization.js'
import type { ApiCall, Route } from './route.js'
import type { SimulatedClient } from './simulated-client.js'
import type { Users } from './users.js'

/** `/api/v2/tokens` */
export class TokensEndpoint {
  readonly #tokens: LiveTokens<SimulatedClient>
  readonly #organization: Organization
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'HEAD', path: '/api/v2/tokens/me', answer: () => empty(200) },
    {
      method: 'GET',
      path: '/api/v2/tokens/me',
      preservesIdleTime: ({ searchParams }) => searchParams.get('preserveIdleTTL') === 'true',
      answer: (call) => this.#describe(call),
    },
    { method: 'DELETE', path: '/api/v2/tokens/me', answer: (call) => this.#revoke(call) },
    { method: 'GET', path: '/api/v2/tokens/timeout', answer: () => this.#timeout() },
    {
      method: 'DELETE',
      path: '/api/v2/tokens/{}',
      permissions: ['oauth:token:delete'],
      answer: (call) => this.#revokeOf(call),
    },
  ]

  constructor(tokens: LiveTokens<SimulatedClient>, organization: Organization, users: Users, options: ResolvedOptions) {
    this.#tokens = tokens
    this.#organization = organization
    this.#users = users
    this.#options = options
  }

  #describe({ token }: ApiCall): Response {
    const { id, name } = this.#organization
    const organization = { id, name }
    const client = {
      id: token.owner.clientId,
      name: 'Simulated client',
      authorizedGrantType: 'CLIENT-CREDENTIALS',
      organization,
    }
    const idleTimeLeft = this.#tokens.idleTimeLeft(token)
    return json(200, {
      organization,
      homeOrganization: organization,
      authorizedScope: [],
      ...(idleTimeLeft < Infinity && { dateTokenIdles: iso(this.#options.clock.now() + idleTimeLeft) }),
      OAuthClient: client,
    })
  }

  /** `IdleTokenTimeout` */
  #timeout(): Response {
    const seconds = this.#options.tokenIdleTimeout
    if (seconds === Infinity) return json(200, { enableIdleTokenTimeout: false })
    return json(200, { idleTokenTimeoutSeconds: seconds, enableIdleTokenTimeout: true })
  }

  /** There are no tokens of users here, so that none of theirs can die. */
  #revokeOf({ parameter }: ApiCall): Response {
    if (this.#users.heads.some(({ id }) => id === parameter)) return empty(200)
    throw new ApiRefusal(404, 'not.found', 'There is no such user.')
  }

  #revoke({ token }: ApiCall): Response {
    this.#tokens.revoke(token)
    return empty(200)
  }
}

import type { LiveTokens } from '../platform/live-tokens.js'
import { empty, json } from '../platform/responses.js'
import { ApiRefusal } from './responses.js'
import type { ResolvedOptions } from './options.js'
import { iso } from '../platform/moment.js'
import type { Organization } from './organization.js'
import type { ApiCall, Route } from './route.js'
import type { Principal } from './principal.js'
import type { ClientGrant } from './simulated-client.js'
import type { UserSessions } from './user-sessions.js'
import type { Users } from './users.js'

/** `OrgOAuthClient.authorizedGrantType` */
const GRANT_TYPES: Readonly<Record<ClientGrant, string>> = {
  'client-credentials': 'CLIENT-CREDENTIALS',
  code: 'CODE',
  'saml2-bearer': 'SAML2-BEARER',
}

/** `/api/v2/tokens` */
export class TokensEndpoint {
  readonly #tokens: LiveTokens<Principal>
  readonly #sessions: UserSessions
  readonly #organization: Organization
  readonly #users: Users
  readonly #options: ResolvedOptions
  readonly routes: readonly Route[] = [
    { method: 'HEAD', path: '/api/v2/tokens/me', response: () => empty(200) },
    {
      method: 'GET',
      path: '/api/v2/tokens/me',
      preservesIdleTime: ({ searchParams }) => searchParams.get('preserveIdleTTL') === 'true',
      response: (call) => this.#describe(call),
    },
    { method: 'DELETE', path: '/api/v2/tokens/me', response: (call) => this.#revoke(call) },
    { method: 'GET', path: '/api/v2/tokens/timeout', response: () => this.#timeout() },
    {
      method: 'DELETE',
      path: '/api/v2/tokens/{}',
      permissions: ['oauth:token:delete'],
      response: (call) => this.#revokeOf(call),
    },
  ]

  constructor(
    tokens: LiveTokens<Principal>,
    sessions: UserSessions,
    organization: Organization,
    users: Users,
    options: ResolvedOptions,
  ) {
    this.#tokens = tokens
    this.#sessions = sessions
    this.#organization = organization
    this.#users = users
    this.#options = options
  }

  #describe({ token }: ApiCall): Response {
    const { id, name } = this.#organization
    const organization = { id, name }
    const client = {
      id: token.owner.client.clientId,
      name: 'Simulated client',
      authorizedGrantType: GRANT_TYPES[token.owner.client.grant ?? 'client-credentials'],
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

  #revokeOf({ parameter }: ApiCall): Response {
    if (!this.#users.heads.some(({ id }) => id === parameter)) {
      throw new ApiRefusal(404, 'not.found', 'There is no such user.')
    }
    this.#sessions.end(({ userId }) => userId === parameter)
    this.#tokens.revokeAll(({ userId }) => userId === parameter)
    return empty(200)
  }

  #revoke({ token }: ApiCall): Response {
    const { session } = token.owner
    if (session) this.#sessions.end((other) => other === session)
    this.#tokens.revoke(token)
    return empty(200)
  }
}

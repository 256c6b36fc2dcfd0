import { ApiRefusal, badCredentials, empty, json, tooManyRequests } from './answers.js'
import type { AccessTokens } from './access-tokens.js'
import { readJson, type ApiCall } from './api-call.js'
import { DETAILS_QUERY_PERMISSIONS, type DetailsQuery } from './details-query.js'
import type { ResolvedOptions } from './options.js'
import type { Organization } from './organization.js'
import { entityListing, pagingOf } from './paging.js'
import type { UsersEndpoint } from './users-endpoint.js'

interface Route {
  readonly method: string
  /** With at most one `{}`, which stands for anything but a slash. */
  readonly path: string
  /** Any one of them opens it; none are asked for by default. */
  readonly permissions?: readonly string[]
  readonly answer: (call: ApiCall) => Response | Promise<Response>
}

/** What the API is made of. */
export interface ApiParts {
  readonly options: ResolvedOptions
  readonly organization: Organization
  readonly tokens: AccessTokens
  readonly users: UsersEndpoint
  readonly detailsQuery: DetailsQuery
}

/** Everything behind a bearer token: who may call what, how often, and which endpoint answers. */
export class GenesysApi {
  readonly #parts: ApiParts
  readonly #routes: readonly Route[]

  constructor(parts: ApiParts) {
    const { options, organization, tokens, users, detailsQuery } = parts
    this.#parts = parts
    this.#routes = [
      { method: 'GET', path: '/api/v2/users', answer: (call) => users.list(call) },
      { method: 'GET', path: '/api/v2/users/me', answer: () => users.me() },
      { method: 'GET', path: '/api/v2/users/{}', answer: (call) => users.get(call) },
      {
        method: 'GET',
        path: '/api/v2/routing/queues',
        permissions: ['routing:queue:view'],
        answer: ({ url }) => {
          const toEntity = ({ id, name }: { id: string; name: string }) => ({
            id,
            name,
            selfUri: `/api/v2/routing/queues/${id}`,
          })
          return entityListing(url, pagingOf(url, 500), organization.queues, toEntity)
        },
      },
      {
        method: 'POST',
        path: '/api/v2/analytics/conversations/details/query',
        permissions: DETAILS_QUERY_PERMISSIONS,
        answer: async ({ request }) => detailsQuery.answer(await readJson(request, options.limits.requestBytes)),
      },
      { method: 'HEAD', path: '/api/v2/tokens/me', answer: () => empty(200) },
      { method: 'GET', path: '/api/v2/tokens/me', answer: (call) => this.#tokenInfo(call) },
      {
        method: 'DELETE',
        path: '/api/v2/tokens/me',
        answer: ({ token }) => {
          tokens.revoke(token)
          return empty(200)
        },
      },
    ]
  }

  async answer(request: Request, url: URL, correlationId: string): Promise<Response> {
    try {
      return await this.#answer(request, url)
    } catch (error) {
      if (error instanceof ApiRefusal) return error.answer(correlationId)
      throw error
    }
  }

  #answer(request: Request, url: URL): Response | Promise<Response> {
    const token = this.#authenticate(request)
    const wait = token.window.take()
    if (wait !== undefined) throw tooManyRequests(wait)
    const [route, parameter] = this.#route(request.method, url.pathname)
    const held = token.client.permissions ?? this.#parts.options.permissions
    if (route.permissions && !route.permissions.some((permission) => held.includes(permission))) {
      const permissions = route.permissions.join(', ')
      const message = `Unable to perform the requested action. You must have at least one of the following permissions assigned: ${permissions}`
      throw new ApiRefusal(403, 'missing.any.permissions', message, { messageParams: { permissions } })
    }
    return route.answer({ request, url, token, parameter })
  }

  #authenticate(request: Request) {
    // Genesys sends no WWW-Authenticate with any of these, against RFC 6750 section 3.
    const authorization = request.headers.get('authorization')
    const [, value] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    if (value === undefined) {
      const message = 'No authentication bearer token specified in authorization header.'
      throw new ApiRefusal(401, 'authentication.required', message)
    }
    const token = this.#parts.tokens.find(value)
    if (!token) throw badCredentials()
    return token
  }

  #route(method: string, path: string): [Route, string] {
    const matching: [Route, string][] = []
    for (const route of this.#routes) {
      const parameter = match(route.path, path)
      if (parameter === undefined) continue
      if (route.method === method) return [route, parameter]
      matching.push([route, parameter])
    }
    if (matching.length === 0) throw new ApiRefusal(404, 'not.found', 'The requested resource is not found.')
    const headers = { allow: [...new Set(matching.map(([route]) => route.method))].join(', ') }
    throw new ApiRefusal(405, 'method.not.allowed', `The method ${method} is not allowed here.`, { headers })
  }

  #tokenInfo({ token }: ApiCall): Response {
    const { id, name } = this.#parts.organization
    const organization = { id, name }
    const client = {
      id: token.client.clientId,
      name: 'Simulated client',
      authorizedGrantType: 'CLIENT-CREDENTIALS',
      organization,
    }
    return json(200, { organization, homeOrganization: organization, authorizedScope: [], OAuthClient: client })
  }
}

/** What stands in the place of `{}`, an empty string when there is no such place, undefined when the path is another. */
function match(pattern: string, path: string): string | undefined {
  const [before = '', after] = pattern.split('{}')
  if (after === undefined) return path === pattern ? '' : undefined
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined
  const parameter = path.slice(before.length, path.length - after.length)
  return parameter === '' || parameter.includes('/') ? undefined : parameter
}

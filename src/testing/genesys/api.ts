import { ApiRefusal, badCredentials, tooManyRequests } from './answers.js'
import type { AccessTokens, LiveToken } from './access-tokens.js'
import { parameterOf } from './route.js'
import type { Route } from './route.js'

/** Everything behind a bearer token: who may call what, how often, and which endpoint answers. */
export class GenesysApi {
  readonly #tokens: AccessTokens
  readonly #permissions: readonly string[] | undefined
  readonly #routes: readonly Route[]

  /** `permissions`, all when undefined, are those of a client that has none of its own. Of two routes for a path the first answers. */
  constructor(
    tokens: AccessTokens,
    permissions: readonly string[] | undefined,
    endpoints: readonly { routes: readonly Route[] }[],
  ) {
    this.#tokens = tokens
    this.#permissions = permissions
    this.#routes = endpoints.flatMap(({ routes }) => routes)
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
    if (!route.preservesIdleTime?.(url)) this.#tokens.touch(token)
    this.#authorize(route, token)
    return route.answer({ request, url, token, parameter })
  }

  #authenticate(request: Request): LiveToken {
    // Genesys sends no WWW-Authenticate with any of these, against RFC 6750 section 3.
    const authorization = request.headers.get('authorization')
    const [, value] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    if (value === undefined) {
      const message = 'No authentication bearer token specified in authorization header.'
      throw new ApiRefusal(401, 'authentication.required', message)
    }
    const token = this.#tokens.find(value)
    if (!token) throw badCredentials()
    return token
  }

  #authorize({ permissions }: Route, { client }: LiveToken): void {
    const held = client.permissions ?? this.#permissions
    if (!permissions || !held || permissions.some((permission) => held.includes(permission))) return
    const list = permissions.join(', ')
    const message = `Unable to perform the requested action. You must have at least one of the following permissions assigned: ${list}`
    throw new ApiRefusal(403, 'missing.any.permissions', message, { messageParams: { permissions: list } })
  }

  #route(method: string, path: string): [Route, string] {
    const matching: Route[] = []
    for (const route of this.#routes) {
      const parameter = parameterOf(route, path)
      if (parameter === undefined) continue
      if (route.method === method) return [route, parameter]
      matching.push(route)
    }
    if (matching.length === 0) throw new ApiRefusal(404, 'not.found', 'The requested resource is not found.')
    const headers = { allow: [...new Set(matching.map((route) => route.method))].join(', ') }
    throw new ApiRefusal(405, 'method.not.allowed', `The method ${method} is not allowed here.`, { headers })
  }
}

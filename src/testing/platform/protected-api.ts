import type { LiveToken, LiveTokens } from './live-tokens.js'
import type { Arrival, Refusals } from './refusal.js'
import { parameterOf, type Route } from './route.js'

/** What a {@link ProtectedApi} consists of. */
export interface ApiParts<Owner> {
  readonly tokens: LiveTokens<Owner>
  readonly refusals: Refusals
  /** Of two routes for a path the first answers. */
  readonly endpoints: readonly { readonly routes: readonly Route<Owner>[] }[]
  /** The permissions of a token's owner; all when undefined. */
  readonly permissionsOf?: (owner: Owner) => readonly string[] | undefined
  /** The path by which routes are found. Default: the request's own. */
  readonly pathOf?: ((url: URL) => string) | undefined
}

/** Everything behind a bearer token: who may call what, how often, and which endpoint answers. */
export class ProtectedApi<Owner> {
  readonly #parts: ApiParts<Owner>
  readonly #routes: readonly Route<Owner>[]

  constructor(parts: ApiParts<Owner>) {
    this.#parts = parts
    this.#routes = parts.endpoints.flatMap(({ routes }) => routes)
  }

  /** Throws the platform's refusals. */
  response(arrival: Arrival): Response | Promise<Response> {
    const { tokens, refusals, pathOf } = this.#parts
    const { request, url } = arrival
    const token = this.#authenticate(request)
    const wait = token.window.take()
    if (wait !== undefined) throw refusals.tooManyRequests(wait)
    const [route, parameter] = this.#route(request.method, pathOf?.(url) ?? url.pathname)
    if (!route.preservesIdleTime?.(url)) tokens.touch(token)
    this.#authorize(route, token)
    return route.response({ ...arrival, token, parameter })
  }

  #authenticate(request: Request): LiveToken<Owner> {
    // Neither platform is known to send a WWW-Authenticate with any of these, against RFC 6750 section 3.
    const authorization = request.headers.get('authorization')
    const [, value] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    if (value === undefined) throw this.#parts.refusals.tokenMissing()
    const token = this.#parts.tokens.find(value)
    if (!token) throw this.#parts.refusals.tokenBad()
    return token
  }

  #authorize({ permissions }: Route<Owner>, { owner }: LiveToken<Owner>): void {
    const held = this.#parts.permissionsOf?.(owner)
    if (!permissions || !held || permissions.some((permission) => held.includes(permission))) return
    throw this.#parts.refusals.forbidden(permissions)
  }

  #route(method: string, path: string): [Route<Owner>, string] {
    const matching: Route<Owner>[] = []
    for (const route of this.#routes) {
      const parameter = parameterOf(route, path)
      if (parameter === undefined) continue
      if (route.method === method) return [route, parameter]
      matching.push(route)
    }
    if (matching.length === 0) throw this.#parts.refusals.notFound()
    const allowed = [...new Set(matching.map((route) => route.method))].join(', ')
    throw this.#parts.refusals.methodNotAllowed(method, allowed)
  }
}

import { empty, json } from '../platform/answers.js'
import { basicPair } from '../platform/basic-pair.js'
import { readForm } from '../platform/form-body.js'
import type { LiveTokens } from '../platform/live-tokens.js'
import { invalid, oneOf, range, stringList, text } from '../platform/option-checks.js'
import { RateWindow } from '../platform/rate-window.js'
import { LoginRefusal } from './answers.js'
import type { ResolvedOptions } from './options.js'
import { REFUSALS } from './refusals.js'
import { CLIENT_STATES, type ClientState, type SimulatedClient } from './simulated-client.js'

/** Where tokens are had; on the login host, which shares its origin with the API here. */
export const TOKEN_PATH = '/oauth/token'

/** The token endpoint: client credentials by HTTP Basic and nothing else. */
export class AuthorizationServer {
  readonly #clients = new Map<string, SimulatedClient>()
  readonly #windows = new Map<string, RateWindow>()
  readonly #tokens: LiveTokens<SimulatedClient>
  readonly #options: ResolvedOptions
  /** How many tokens it has handed out. */
  minted = 0

  constructor(options: ResolvedOptions, tokens: LiveTokens<SimulatedClient>) {
    this.#options = options
    this.#tokens = tokens
    const { clientId, clientSecret, clients } = options
    for (const client of [{ clientId, clientSecret }, ...clients]) this.#add(client)
  }

  #add(client: SimulatedClient): void {
    text('clients[].clientId', client.clientId)
    text('clients[].clientSecret', client.clientSecret)
    if (client.state !== undefined) oneOf('clients[].state', client.state, CLIENT_STATES)
    if (this.#clients.has(client.clientId)) throw invalid(`clients names ${client.clientId} twice`)
    if (client.tokenLifetime !== undefined) range('clients[].tokenLifetime', client.tokenLifetime, 1, 450 * 86_400)
    if (client.permissions !== undefined) stringList('clients[].permissions', client.permissions)
    this.#clients.set(client.clientId, { ...client })
    this.#windows.set(client.clientId, new RateWindow(this.#options.limits.tokenRequestsPerMinute, this.#options.clock))
  }

  /** Throws `invalid_option` for a client that does not exist. */
  setClientState(clientId: string, state: ClientState): void {
    oneOf('state', state, CLIENT_STATES)
    this.#client(clientId).state = state
    if (state === 'disabled') this.#tokens.revokeAll((client) => client.clientId === clientId)
  }

  /** Of its live tokens as well. Throws `invalid_option` for a client that does not exist. */
  setPermissions(clientId: string, permissions: readonly string[]): void {
    stringList('permissions', permissions)
    this.#client(clientId).permissions = [...permissions]
  }

  #client(clientId: string): SimulatedClient {
    const client = this.#clients.get(clientId)
    if (!client) throw invalid(`There is no client ${clientId}`)
    return client
  }

  /** Throws refusals. */
  async answer(request: Request): Promise<Response> {
    if (request.method !== 'POST') return empty(405, { allow: 'POST' })
    const form = await readForm(request)
    if (!form) throw new LoginRefusal('invalid_request', 'the body must be a form')
    const client = this.#authenticate(request.headers.get('authorization') ?? '')
    const wait = this.#windows.get(client.clientId)?.take()
    if (wait !== undefined) throw REFUSALS.tokenRateLimited(wait)
    const grantType = form.get('grant_type')
    if (grantType === null) throw new LoginRefusal('invalid_request', 'grant_type is missing')
    if (grantType !== 'client_credentials') {
      throw new LoginRefusal('unsupported_grant_type', 'this client is for the client_credentials grant')
    }
    const lifetime = client.tokenLifetime ?? this.#options.tokenLifetime
    const token = this.#tokens.mint(client, lifetime * 1_000)
    this.minted += 1
    // RFC 6749 has only whole seconds there, and promising more than a token lives would be wrong.
    const body = { access_token: token.value, token_type: 'bearer', expires_in: Math.floor(lifetime) }
    return json(200, body, { 'cache-control': 'no-store' })
  }

  #authenticate(authorization: string): SimulatedClient {
    // Genesys takes the pair as it is; RFC 6749 section 2.3.1 has both halves form-encoded first.
    const { raw, decoded } = basicPair(authorization)
    const client = this.#clients.get(raw.id) ?? this.#clients.get(decoded.id)
    if (!client) throw new LoginRefusal('invalid_client', 'client not found')
    if (client.clientSecret !== raw.secret && client.clientSecret !== decoded.secret) {
      throw new LoginRefusal('invalid_client', 'authentication failed')
    }
    if ((client.state ?? 'active') !== 'active') {
      throw new LoginRefusal('invalid_client', `client is ${String(client.state)}`)
    }
    return client
  }
}

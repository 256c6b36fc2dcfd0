import { json, empty, OAuthRefusal, tokenRateLimited } from './answers.js'
import { CLIENT_STATES, type AccessTokens, type ClientState, type SimulatedClient } from './access-tokens.js'
import { invalid, oneOf, range, stringList, text } from './option-checks.js'
import type { ResolvedOptions } from './options.js'
import { RateWindow } from './rate-window.js'

const FORM = 'application/x-www-form-urlencoded'

/** The token endpoint: client credentials by HTTP Basic and nothing else. */
export class AuthorizationServer {
  readonly #clients = new Map<string, SimulatedClient>()
  readonly #windows = new Map<string, RateWindow>()
  readonly #tokens: AccessTokens
  readonly #options: ResolvedOptions
  /** How many tokens it has handed out. */
  minted = 0

  constructor(options: ResolvedOptions, tokens: AccessTokens) {
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
    if (state === 'disabled') this.#tokens.revokeAll(clientId)
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

  async answer(request: Request): Promise<Response> {
    if (request.method !== 'POST') return empty(405, { allow: 'POST' })
    try {
      return await this.#grant(request)
    } catch (error) {
      if (error instanceof OAuthRefusal) return error.answer()
      throw error
    }
  }

  async #grant(request: Request): Promise<Response> {
    if (!request.headers.get('content-type')?.toLowerCase().startsWith(FORM)) {
      throw new OAuthRefusal('invalid_request', 'the body must be a form')
    }
    const form = new URLSearchParams(await request.text())
    const client = this.#authenticate(request.headers.get('authorization') ?? '')
    const wait = this.#windows.get(client.clientId)?.take()
    if (wait !== undefined) throw tokenRateLimited(wait)
    const grantType = form.get('grant_type')
    if (grantType === null) throw new OAuthRefusal('invalid_request', 'grant_type is missing')
    if (grantType !== 'client_credentials') {
      throw new OAuthRefusal('unsupported_grant_type', 'this client is for the client_credentials grant')
    }
    const lifetime = client.tokenLifetime ?? this.#options.tokenLifetime
    const token = this.#tokens.mint(client, lifetime * 1_000)
    this.minted += 1
    // RFC 6749 has only whole seconds there, and promising more than a token lives would be wrong.
    const body = { access_token: token.value, token_type: 'bearer', expires_in: Math.floor(lifetime) }
    return json(200, body, { 'cache-control': 'no-store' })
  }

  #authenticate(authorization: string): SimulatedClient {
    const [, encoded] = /^basic +([a-z\d+/]+=*) *$/i.exec(authorization) ?? []
    const pair = Buffer.from(encoded ?? '', 'base64').toString()
    const colon = pair.indexOf(':')
    // Genesys takes the pair as it is; RFC 6749 section 2.3.1 has both halves form-encoded first.
    const raw = { id: pair.slice(0, Math.max(colon, 0)), secret: pair.slice(colon + 1) }
    const decoded = { id: formDecoded(raw.id), secret: formDecoded(raw.secret) }
    const client = this.#clients.get(raw.id) ?? this.#clients.get(decoded.id)
    if (!client) throw new OAuthRefusal('invalid_client', 'client not found')
    if (client.clientSecret !== raw.secret && client.clientSecret !== decoded.secret) {
      throw new OAuthRefusal('invalid_client', 'authentication failed')
    }
    if ((client.state ?? 'active') !== 'active') {
      throw new OAuthRefusal('invalid_client', `client is ${String(client.state)}`)
    }
    return client
  }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text // A raw secret may well hold a lone percent sign.
  }
}

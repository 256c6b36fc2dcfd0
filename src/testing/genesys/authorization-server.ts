import { knownOptions } from '../../base/options.js'
import { empty, json } from '../platform/responses.js'
import { basicPair } from '../platform/basic-pair.js'
import { readForm } from '../platform/form-body.js'
import type { LiveTokens } from '../platform/live-tokens.js'
import { invalid, oneOf, range, stringList, text, uriList } from '../platform/option-checks.js'
import { RateWindow } from '../platform/rate-window.js'
import { LoginRefusal } from './responses.js'
import type { ResolvedOptions } from './options.js'
import { REFUSALS } from './refusals.js'
import type { Principal } from './principal.js'
import { CLIENT_GRANTS, CLIENT_NAMES, CLIENT_STATES } from './simulated-client.js'
import type { ClientGrant, GenesysClientState, GenesysSimulatedClient } from './simulated-client.js'
import type { UserSessions } from './user-sessions.js'
import type { Users } from './users.js'

/** Where tokens are had; on the login host, which shares its origin with the API here. */
export const TOKEN_PATH = '/oauth/token'

const SAML2_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer'

const GRANT_TYPES: Readonly<Record<ClientGrant, readonly string[]>> = {
  'client-credentials': ['client_credentials'],
  code: ['authorization_code', 'refresh_token'],
  'saml2-bearer': [SAML2_BEARER],
}

/** Whom a token is given to, and what comes with it. */
interface Granted extends Principal {
  readonly refreshToken?: string | undefined
}

/** The token endpoint. A client shows its secret by HTTP Basic, or, where it has a code and its verifier, need not. */
export class AuthorizationServer {
  readonly #clients = new Map<string, GenesysSimulatedClient>()
  readonly #windows = new Map<string, RateWindow>()
  readonly #tokens: LiveTokens<Principal>
  readonly #sessions: UserSessions
  readonly #users: Users
  readonly #options: ResolvedOptions
  /** How many tokens it has handed out. */
  minted = 0

  constructor(options: ResolvedOptions, tokens: LiveTokens<Principal>, sessions: UserSessions, users: Users) {
    this.#options = options
    this.#tokens = tokens
    this.#sessions = sessions
    this.#users = users
    const { clientId, clientSecret, clients } = options
    for (const client of [{ clientId, clientSecret }, ...clients]) this.#add(client)
  }

  #add(given: GenesysSimulatedClient): void {
    const client = knownOptions(given, 'clients[]', CLIENT_NAMES)
    text('clients[].clientId', client.clientId)
    text('clients[].clientSecret', client.clientSecret)
    if (client.state !== undefined) oneOf('clients[].state', client.state, CLIENT_STATES)
    if (this.#clients.has(client.clientId)) throw invalid(`clients names ${client.clientId} twice`)
    if (client.tokenLifetime !== undefined) range('clients[].tokenLifetime', client.tokenLifetime, 1, 450 * 86_400)
    if (client.grant !== undefined) oneOf('clients[].grant', client.grant, CLIENT_GRANTS)
    if (client.redirectUris !== undefined) uriList('clients[].redirectUris', client.redirectUris)
    if (client.permissions !== undefined) stringList('clients[].permissions', client.permissions)
    this.#clients.set(client.clientId, { ...client })
    this.#windows.set(client.clientId, new RateWindow(this.#options.limits.tokenRequestsPerMinute, this.#options.clock))
  }

  /** Throws `invalid_option` for a client that does not exist. */
  setClientState(clientId: string, state: GenesysClientState): void {
    oneOf('state', state, CLIENT_STATES)
    this.#client(clientId).state = state
    if (state === 'disabled') this.#tokens.revokeAll(({ client }) => client.clientId === clientId)
  }

  /** Of its live tokens as well. Throws `invalid_option` for a client that does not exist. */
  setPermissions(clientId: string, permissions: readonly string[]): void {
    stringList('permissions', permissions)
    this.#client(clientId).permissions = [...permissions]
  }

  #client(clientId: string): GenesysSimulatedClient {
    const client = this.#clients.get(clientId)
    if (!client) throw invalid(`There is no client ${clientId}`)
    return client
  }

  /** Throws refusals. */
  async response(request: Request): Promise<Response> {
    if (request.method !== 'POST') return empty(405, { allow: 'POST' })
    const form = await readForm(request, this.#options.limits.requestBytes, REFUSALS)
    if (!form) throw new LoginRefusal('invalid_request', 'the body must be a form')
    const authorization = request.headers.get('authorization')
    const isPublic = authorization === null && form.has('code_verifier')
    const client = isPublic ? this.#named(form) : this.#authenticate(authorization ?? '')
    const wait = this.#windows.get(client.clientId)?.take()
    if (wait !== undefined) throw REFUSALS.tokenRateLimited(wait)
    const { refreshToken, ...owner } = this.#grant(client, form, isPublic)
    const lifetime = client.tokenLifetime ?? this.#options.tokenLifetime
    const token = this.#tokens.mint(owner, lifetime * 1_000)
    this.minted += 1
    // RFC 6749 has only whole seconds there, and promising more than a token lives would be wrong.
    const body = {
      access_token: token.value,
      token_type: 'bearer',
      expires_in: Math.floor(lifetime),
      refresh_token: refreshToken,
    }
    return json(200, body, { 'cache-control': 'no-store' })
  }

  #grant(client: GenesysSimulatedClient, form: URLSearchParams, isPublic: boolean): Granted {
    const grantType = needed(form, 'grant_type')
    const { grant = 'client-credentials' } = client
    if (!GRANT_TYPES[grant].includes(grantType)) {
      throw new LoginRefusal(
        'unsupported_grant_type',
        `this client is for the ${GRANT_TYPES[grant].join(' and ')} grant`,
      )
    }
    switch (grantType) {
      case 'authorization_code':
        return this.#exchange(client, form, isPublic)
      case 'refresh_token':
        return this.#refresh(client, needed(form, 'refresh_token'))
      case SAML2_BEARER:
        return { client, userId: this.#vouchedFor(form) }
      default:
        return { client }
    }
  }

  #exchange(client: GenesysSimulatedClient, form: URLSearchParams, isPublic: boolean): Granted {
    const session = this.#sessions.exchange({
      client,
      code: needed(form, 'code'),
      redirectUri: needed(form, 'redirect_uri'),
      verifier: form.get('code_verifier') ?? undefined,
    })
    const isRefreshed = !isPublic || this.#options.publicRefreshTokens
    return { ...session, session, refreshToken: isRefreshed ? this.#sessions.issueRefreshToken(session) : undefined }
  }

  #refresh(client: GenesysSimulatedClient, refreshToken: string): Granted {
    const session = this.#sessions.find(refreshToken, client)
    if (!this.#options.rotateRefreshTokens) return { ...session, session }
    this.#sessions.spend(refreshToken)
    return { ...session, session, refreshToken: this.#sessions.issueRefreshToken(session) }
  }

  /** By whom the assertion was signed, and when, is taken for granted. */
  #vouchedFor(form: URLSearchParams): string {
    if (needed(form, 'orgName') !== this.#options.orgName) throw new LoginRefusal('invalid_request', 'org not found')
    const assertion = Buffer.from(needed(form, 'assertion'), 'base64url').toString()
    const [, name] = /<(?:\w+:)?NameID\b[^>]*>\s*([^<\s]+)\s*</.exec(assertion) ?? []
    const user = this.#users.named(name ?? '')
    if (user === undefined) throw new LoginRefusal('invalid_grant', 'the assertion names no active user')
    return user.id
  }

  #named(form: URLSearchParams): GenesysSimulatedClient {
    const client = this.find(form.get('client_id') ?? '')
    if (!client) throw new LoginRefusal('invalid_client', 'client not found')
    return active(client)
  }

  find(clientId: string): GenesysSimulatedClient | undefined {
    return this.#clients.get(clientId)
  }

  #authenticate(authorization: string): GenesysSimulatedClient {
    // Genesys takes the pair as it is; RFC 6749 section 2.3.1 has both halves form-encoded first.
    const { raw, decoded } = basicPair(authorization)
    const client = this.#clients.get(raw.id) ?? this.#clients.get(decoded.id)
    if (!client) throw new LoginRefusal('invalid_client', 'client not found')
    if (client.clientSecret !== raw.secret && client.clientSecret !== decoded.secret) {
      throw new LoginRefusal('invalid_client', 'authentication failed')
    }
    return active(client)
  }
}

function active(client: GenesysSimulatedClient): GenesysSimulatedClient {
  const { state = 'active' } = client
  if (state !== 'active') throw new LoginRefusal('invalid_client', `client is ${state}`)
  return client
}

function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null) throw new LoginRefusal('invalid_request', `${name} is missing`)
  return value
}

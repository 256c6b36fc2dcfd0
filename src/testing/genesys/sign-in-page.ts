import { empty } from '../platform/responses.js'
import { LoginRefusal } from './responses.js'
import type { GenesysSimulatedClient } from './simulated-client.js'
import type { UserSessions } from './user-sessions.js'

/** Where users sign in; on the login host, which shares its origin with the API here. */
export const AUTHORIZE_PATH = '/oauth/authorize'

/** What changes only what a user gets to see. */
const IGNORED = ['org', 'provider', 'target', 'login_hint', 'prompt']
const READ = ['response_type', 'client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method']

/** The parties to a sign-in. */
export interface SignInParties {
  readonly clientOf: (clientId: string) => GenesysSimulatedClient | undefined
  readonly sessions: UserSessions
  /** Who sits at the browser; nobody when undefined, and then no code is given. */
  readonly user: () => string | undefined
}

/** The authorize endpoint. There is no page: the user signs in as soon as the browser arrives. */
export class SignInPage {
  readonly #parties: SignInParties

  constructor(parties: SignInParties) {
    this.#parties = parties
  }

  /** Throws refusals, which are shown to the user: nobody is sent to an address that is not the client's. */
  response({ method }: Request, { searchParams: query }: URL): Response {
    if (method !== 'GET') return empty(405, { allow: 'GET' })
    const client = this.#parties.clientOf(query.get('client_id') ?? '')
    const redirectUri = query.get('redirect_uri') ?? ''
    if (!client) throw new LoginRefusal('invalid_client', 'client not found')
    if (!client.redirectUris?.includes(redirectUri)) throw new LoginRefusal('invalid_request', 'redirect_uri mismatch')
    const back = new URL(redirectUri)
    for (const [name, value] of Object.entries(this.#outcome(query, client, redirectUri))) {
      back.searchParams.append(name, value)
    }
    const state = query.get('state')
    if (state !== null) back.searchParams.append('state', state)
    return empty(302, { location: back.href, 'cache-control': 'no-store' })
  }

  #outcome(query: URLSearchParams, client: GenesysSimulatedClient, redirectUri: string): Record<string, string> {
    const names = [...query.keys()]
    const stranger = names.find((name) => ![...READ, ...IGNORED].includes(name))
    if (stranger !== undefined) return error('invalid_request', `${stranger} is not modelled by the simulator`)
    if (new Set(names).size < names.length) return error('invalid_request', 'a parameter is there twice')
    if (query.get('response_type') !== 'code') return error('unsupported_response_type', 'response_type must be code')
    const challenge = query.get('code_challenge') ?? undefined
    if (challenge !== undefined && query.get('code_challenge_method') !== 'S256') {
      return error('invalid_request', 'code_challenge_method must be S256')
    }
    if ((client.state ?? 'active') !== 'active') {
      return error('unauthorized_client', `client is ${String(client.state)}`)
    }
    const userId = this.#parties.user()
    if (userId === undefined) return error('access_denied', 'the user did not sign in')
    return { code: this.#parties.sessions.issueCode({ client, userId, redirectUri, challenge }) }
  }
}

function error(code: string, description: string): Record<string, string> {
  return { error: code, error_description: description }
}

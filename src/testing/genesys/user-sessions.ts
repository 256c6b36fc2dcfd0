import { createHash, randomBytes } from 'node:crypto'
import { elapsedSince, instant, type Clock, type Instant } from '../../base/clock.js'
import type { LiveTokens } from '../platform/live-tokens.js'
import { LoginRefusal } from './responses.js'
import type { Principal, UserSession } from './principal.js'
import type { GenesysSimulatedClient } from './simulated-client.js'

/** Milliseconds. A guess; RFC 6749 section 4.1.2 recommends 10 minutes at most. */
const CODE_LIFETIME = 60_000

/** What a code was given for. */
export interface CodeRequest {
  readonly client: GenesysSimulatedClient
  readonly userId: string
  readonly redirectUri: string
  /** PKCE's by S256. */
  readonly challenge: string | undefined
}

/** What is handed in with a code. */
export interface CodePresented {
  readonly client: GenesysSimulatedClient
  readonly code: string
  readonly redirectUri: string
  readonly verifier: string | undefined
}

interface IssuedCode extends CodeRequest {
  readonly issued: Instant
  /** What it was exchanged for. */
  session?: UserSession | undefined
}

/** The codes and refresh tokens of those who signed in. A refresh token stands for its session until that ends. */
export class UserSessions {
  readonly #clock: Clock
  readonly #codes = new Map<string, IssuedCode>()
  /** The dead ones too: who presents one of them has stolen it, or was stolen from. */
  readonly #refreshTokens = new Map<string, { session: UserSession; spent: boolean }>()
  readonly #tokens: LiveTokens<Principal>

  constructor(clock: Clock, tokens: LiveTokens<Principal>) {
    this.#clock = clock
    this.#tokens = tokens
  }

  issueCode(request: CodeRequest): string {
    const code = unguessable()
    this.#codes.set(code, { ...request, issued: instant(this.#clock) })
    return code
  }

  /** Throws refusals. A code that comes twice ends what came of it (RFC 6749 section 4.1.2). */
  exchange({ client, code, redirectUri, verifier }: CodePresented): UserSession {
    const issued = this.#codes.get(code)
    if (!issued || issued.client !== client) throw refused('code not found')
    if (issued.session) {
      this.end((session) => session === issued.session)
      throw refused('code already used')
    }
    if (elapsedSince(issued.issued, this.#clock) >= CODE_LIFETIME) throw refused('code expired')
    if (issued.redirectUri !== redirectUri) throw refused('redirect_uri mismatch')
    if (issued.challenge !== challengeOf(verifier)) throw refused('code_verifier mismatch')
    issued.session = { client, userId: issued.userId }
    return issued.session
  }

  issueRefreshToken(session: UserSession): string {
    const token = unguessable()
    this.#refreshTokens.set(token, { session, spent: false })
    return token
  }

  /** Throws refusals. One that was spent ends its session when it comes again. */
  find(refreshToken: string, client: GenesysSimulatedClient): UserSession {
    const stored = this.#refreshTokens.get(refreshToken)
    if (!stored || stored.session.client !== client) throw refused('refresh token not found')
    if (!stored.spent) return stored.session
    this.end((session) => session === stored.session)
    throw refused('refresh token already used')
  }

  /** Another one has taken its place. */
  spend(refreshToken: string): void {
    const stored = this.#refreshTokens.get(refreshToken)
    if (stored) stored.spent = true
  }

  /** All sessions, or some: their tokens die, of both kinds. */
  end(which: (session: UserSession) => boolean = () => true): void {
    for (const [token, { session }] of this.#refreshTokens) if (which(session)) this.#refreshTokens.delete(token)
    this.#tokens.revokeAll(({ session }) => session !== undefined && which(session))
  }
}

function challengeOf(verifier: string | undefined): string | undefined {
  return verifier === undefined ? undefined : createHash('sha256').update(verifier).digest('base64url')
}

function unguessable(): string {
  return randomBytes(32).toString('base64url')
}

function refused(description: string): LoginRefusal {
  return new LoginRefusal('invalid_grant', description)
}

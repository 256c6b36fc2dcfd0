import { TokenError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { Grant, GrantIdentity, TokenSet } from '../../src/token/grant.js'

/** One call of `requestToken`. */
export interface Asked {
  /** 1 for the first. */
  readonly number: number
  readonly previous: TokenSet | undefined
  readonly signal: AbortSignal
}

export type Answer = TokenSet | Promise<TokenSet>

export const HOUR = 3_600_000

/** What an authorization server would hand out; an hour's token unless told otherwise. */
export function tokens(
  value: string,
  { lifetime = HOUR, refreshToken }: { lifetime?: number | undefined; refreshToken?: string } = {},
): TokenSet {
  return {
    accessToken: new AccessToken(value, { lifetime: lifetime === Infinity ? undefined : lifetime }),
    ...(refreshToken !== undefined && { refreshToken: new Secret(refreshToken) }),
    parameters: {},
  }
}

export function transientError(details: { retryAfter?: number; requestSent?: boolean } = {}): TokenError {
  return new TokenError('token_endpoint_failed', 'The server is down.', { retryable: true, status: 503, ...details })
}

export function permanentError(details: { retryAfter?: number } = {}): TokenError {
  return new TokenError('token_denied', 'Refused: invalid_client.', {
    status: 401,
    error: 'invalid_client',
    ...details,
  })
}

/** A request that is under way until its signal ends it. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}

/** A grant that answers as the test says and remembers what it was asked. By default: token-1, token-2, and so on. */
export class ScriptedGrant implements Grant {
  readonly identity: GrantIdentity = {
    tokenEndpoint: 'https://login.example.com/token?tenant=t',
    clientId: 'id',
    grantType: 'scripted',
    scope: [],
    resource: [],
    parameters: {},
  }
  readonly repeatable: boolean
  readonly asked: Asked[] = []
  /** Says what the next calls are answered; throws what they fail with. */
  response: (asked: Asked) => Answer
  revokeToken?: NonNullable<Grant['revokeToken']>

  constructor(response: (asked: Asked) => Answer = ({ number }) => tokens(`token-${number}`), repeatable = true) {
    this.response = response
    this.repeatable = repeatable
  }

  get count(): number {
    return this.asked.length
  }

  async requestToken({ previous, signal }: { previous?: TokenSet | undefined; signal: AbortSignal }) {
    const asked = { number: this.asked.length + 1, previous, signal }
    this.asked.push(asked)
    return this.response(asked)
  }
}

/** The value that a promise was fulfilled with or its error; 'pending' when it is neither yet. */
export async function state(promise: Promise<AccessToken>): Promise<unknown> {
  const turn = new Promise((resolve) => setImmediate(resolve, 'pending'))
  return Promise.race([
    promise.then(
      (token) => token.reveal(),
      (error: unknown) => error,
    ),
    turn,
  ])
}

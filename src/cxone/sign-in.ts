import type { TokenError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import type { ServerTransport } from '../server/authorization-server.js'
import { checkSecret, describeSecret, readSecret } from '../client-auth/client-secret.js'
import type { TokenResponse } from '../protocol/token-response.js'
import type { GrantIdentity } from '../token/grant.js'
import { likeError } from '../token/token-errors.js'
import type { CxoneAccessKey } from './credentials.js'

/** One of NICE's ways from an access key to tokens. Each asks once, and throws {@link TokenError}. */
export interface SignIn {
  readonly identity: Pick<GrantIdentity, 'tokenEndpoint' | 'clientId' | 'grantType'>
  withAccessKey(transport: ServerTransport): Promise<TokenResponse>
  withRefreshToken(refreshToken: string, transport: ServerTransport): Promise<TokenResponse>
}

/** An access key that was checked. */
export interface AccessKey {
  readonly id: string
  /** Reads the secret, which may rotate. */
  readonly secret: () => Promise<string>
  /** For advice. */
  readonly description: string
}

/** Throws {@link EverbearerError} `invalid_option`. */
export function accessKeyOf({ accessKeyId, accessKeySecret }: CxoneAccessKey): AccessKey {
  if (typeof accessKeyId !== 'string' || accessKeyId === '') {
    throw invalidOption('accessKeyId', 'must be a string that is not empty')
  }
  checkSecret('accessKeySecret', accessKeySecret)
  return {
    id: accessKeyId,
    secret: () => readSecret('accessKeySecret', accessKeySecret),
    description: `${describeSecret('the access key secret', accessKeySecret)}, then the access key id, then that the key is active`,
  }
}

/** A refusal in NICE's terms. */
export function refusal(error: TokenError, what: string, advice: string): TokenError {
  const { status, error: code = `status ${status}`, errorDescription = 'no description' } = error
  return likeError(error, `NICE CXone refused ${what}: ${code} (${errorDescription}). Check first ${advice}.`)
}

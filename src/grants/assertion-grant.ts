import type { EverbearerError } from '../base/errors.js'
import { checkText } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { Grant, TokenRequestOptions } from '../token/grant.js'
import { OAUTH_CLIENT_OPTIONS } from './oauth-client.js'
import { optionalClient } from './optional-client.js'
import type { OptionalClientOptions } from './optional-client.js'
import { quietIdentity } from './quiet-identity.js'
import { SESSION_OPTIONS } from './refresh-token.js'
import type { SessionOptions } from './refresh-token.js'
import { requestedAccess } from './requested-access.js'

/** What all grants by assertion are told. */
export type AssertionGrantOptions = OptionalClientOptions & SessionOptions

export const ASSERTION_GRANT_OPTIONS: OptionNames<AssertionGrantOptions & { assertion: unknown }> = {
  ...OAUTH_CLIENT_OPTIONS,
  ...SESSION_OPTIONS,
  assertion: 'defined',
}

/** An assertion that stands for somebody's consent (RFC 7521 section 4.1), whatever it is written in. */
export interface AssertionGrant {
  readonly grantType: string
  /** The assertion for one try, and for this server. */
  readonly assertion: (request: TokenRequestOptions, tokenEndpoint: string) => Promise<string>
  /** Whether each try has an assertion of its own: a server may take one only once. */
  readonly repeatable: boolean
  readonly userBound: boolean
  /** What of the assertion shapes the token, in a text. */
  readonly asserted?: string | undefined
}

/** Throws {@link EverbearerError} `invalid_option` or `insecure_url`. */
export function assertionGrant(options: AssertionGrantOptions, grant: AssertionGrant): Grant {
  const { grantType, assertion, repeatable, userBound, asserted } = grant
  const { subject } = options
  const client = optionalClient(options)
  const access = requestedAccess(options, ['assertion'])
  checkText('subject', subject)
  return {
    identity: quietIdentity({
      ...client.identity,
      ...access,
      grantType,
      // The name is this grant's own, so that no parameter has it.
      parameters: { ...access.parameters, ...(asserted !== undefined && { assertion: asserted }) },
      subject,
    }),
    ...client.members,
    repeatable,
    userBound,
    async requestToken(request) {
      const value = await assertion(request, client.identity.tokenEndpoint)
      const parameters = [['assertion', value]] as const
      return client.requestToken({ grantType, access, parameters, secrets: [value] }, request)
    },
  }
}

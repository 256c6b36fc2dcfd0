import type { EverbearerError } from '../base/errors.js'
import { knownOptions } from '../base/options.js'
import type { Grant } from '../token/grant.js'
import { ASSERTION_GRANT_OPTIONS, assertionGrant } from './assertion-grant.js'
import type { AssertionGrantOptions } from './assertion-grant.js'
import { checkSecret, readSecret } from '../client-auth/client-secret.js'
import type { ClientSecret } from '../client-auth/client-secret.js'

/** Who asks for a token, and what an identity provider says of its user. */
export type Saml2BearerOptions = AssertionGrantOptions & AssertedOptions

interface AssertedOptions {
  /** One SAML 2.0 assertion: as XML, or in base64url already. A function is asked anew for each try. */
  assertion: ClientSecret
}

/**
 * The SAML 2.0 bearer assertion grant (RFC 7522 section 2.1): an identity provider's assertion for a token. It does no I/O
 * before a `TokenManager` asks it.
 *
 * An assertion lives for minutes and may be taken only once: give a function, or the token cannot be renewed. Without
 * `clientSecret` the client is named only, without `clientId` not even that.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 *
 * @example
 * ```js
 * import { TokenManager, saml2Bearer } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   saml2Bearer({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     clientId: 'id',
 *     clientSecret: 'secret',
 *     assertion: () => '<saml:Assertion>as the identity provider signed it</saml:Assertion>',
 *     subject: 'user 42',
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function saml2Bearer(given: Saml2BearerOptions): Grant {
  const options = knownOptions(given, 'saml2Bearer', ASSERTION_GRANT_OPTIONS)
  const { assertion } = options
  checkSecret('assertion', assertion)
  return assertionGrant(options, {
    grantType: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
    assertion: async () => encoded(await readSecret('assertion', assertion)),
    repeatable: typeof assertion === 'function',
    userBound: true,
  })
}

/** RFC 7522 section 2.1: base64url, without line breaks and padding. */
function encoded(assertion: string): string {
  return assertion.trimStart().startsWith('<') ? Buffer.from(assertion).toString('base64url') : assertion
}

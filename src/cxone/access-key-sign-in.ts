import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { jsonBody, postToTokenEndpoint } from '../server/token-endpoint.js'
import type { TokenMembers } from '../protocol/token-response.js'
import { parseEndpoint } from '../protocol/url.js'
import type { CxoneAccessKeyAlone } from './credentials.js'
import { accessKeyOf, refusal } from './sign-in.js'
import type { SignIn } from './sign-in.js'

const REFUSALS: ReadonlySet<string> = new Set(['token_denied', 'token_endpoint_failed'])

/** A label of a host name (RFC 1123 section 2.1). */
const AREA = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i

/**
 * `POST https://{area}.nice-incontact.com/authentication/v1/token/access-key`, in JSON and without a client, and
 * `POST /public/user/refresh` there. Throws {@link EverbearerError} `invalid_option` or `insecure_url`.
 */
export function accessKeySignIn(credentials: CxoneAccessKeyAlone): SignIn {
  const key = accessKeyOf(credentials)
  const url = endpointOf(credentials)
  const { refreshEndpoint = `${url.origin}/public/user/refresh` } = credentials
  const refreshUrl = parseEndpoint(refreshEndpoint, 'refreshEndpoint')

  return {
    identity: { tokenEndpoint: url.href, clientId: '', grantType: 'access-key' },
    withRefreshToken: (refreshToken, transport) =>
      postToTokenEndpoint({
        ...transport,
        url: refreshUrl,
        body: jsonBody({ token: refreshToken }),
        secrets: [refreshToken],
        rename: renewed,
      }),
    async withAccessKey(transport) {
      const secret = await key.secret()
      const body = jsonBody({ accessKeyId: key.id, accessKeySecret: secret })
      try {
        return await postToTokenEndpoint({ ...transport, url, body, secrets: [secret], rename: signedIn })
      } catch (error) {
        // NICE names no errors of this endpoint, so that any 4xx counts.
        if (!(error instanceof TokenError) || error.retryable || !REFUSALS.has(error.code)) throw error
        const asked = `the area or \`accessKeyEndpoint\` (asked was ${url.origin})`
        throw refusal(error, 'the access key', error.status === 404 ? asked : `${key.description}, then ${asked}`)
      }
    },
  }
}

function endpointOf({ area, accessKeyEndpoint }: CxoneAccessKeyAlone): URL {
  if (accessKeyEndpoint !== undefined) return parseEndpoint(accessKeyEndpoint, 'accessKeyEndpoint')
  if (area === undefined) {
    throw invalidOption(
      'area',
      'says where an access key without a client signs in, such as na1: or `accessKeyEndpoint`',
    )
  }
  if (typeof area !== 'string' || !AREA.test(area)) throw invalidOption('area', 'must be one word, such as na1')
  return new URL(`https://${area}.nice-incontact.com/authentication/v1/token/access-key`)
}

/** The members are RFC 6749's; the type may be left unsaid. */
function signedIn({ token_type: type, ...others }: TokenMembers): TokenMembers {
  return { ...others, token_type: type ?? 'Bearer' }
}

function renewed(members: TokenMembers): TokenMembers {
  const { token, refreshToken, tokenExpirationTimeSec, refreshTokenExpirationTimeSec: _, ...others } = members
  return {
    ...others,
    access_token: token,
    token_type: 'Bearer',
    expires_in: tokenExpirationTimeSec,
    refresh_token: refreshToken,
  }
}

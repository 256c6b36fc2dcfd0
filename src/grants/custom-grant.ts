import { systemClock } from '../base/clock.js'
import { TokenError } from '../base/errors.js'
import type { EverbearerError } from '../base/errors.js'
import { checkFunction, checkText, invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import type { TokenMembers } from '../protocol/token-response.js'
import type { Grant } from '../token/grant.js'
import { readHeaders } from './custom-headers.js'
import type { CustomHeaders } from './custom-headers.js'
import { functionError } from '../client-auth/function-error.js'
import { jsonMembers, jsonTexts } from './json-parameters.js'
import { mayBeSecret } from '../server/confidential-values.js'
import { OAUTH_CLIENT_OPTIONS } from './oauth-client.js'
import { optionalClient } from './optional-client.js'
import type { OptionalClientOptions } from './optional-client.js'
import { quietIdentity } from './quiet-identity.js'
import { ACCESS_OPTIONS, requestedAccess } from './requested-access.js'
import type { AccessOptions } from './requested-access.js'
import { formBody, jsonBody } from '../server/token-endpoint.js'

/** A token request as a vendor has invented it. */
export type CustomGrantOptions = OptionalClientOptions & VendorOptions

interface VendorOptions extends Omit<AccessOptions, 'parameters'> {
  /** Sent as `grant_type`, such as Zoom's `account_credentials`. Without it none is sent. */
  grantType?: string | undefined
  /** How the parameters are sent. Default `form`. */
  body?: 'form' | 'json' | undefined
  /** What the vendor wants to be told: texts in a form, whatever JSON can hold in `json`. */
  parameters?: Readonly<Record<string, unknown>> | undefined
  /**
   * Headers of the request, made anew for each try, such as an `Authorization` of the vendor's own. Headers that authenticate the
   * client take their place.
   */
  headers?: (() => CustomHeaders | Promise<CustomHeaders>) | undefined
  /**
   * The answer's members by their names of RFC 6749 section 5.1, where the vendor has others: `access_token`, `token_type`
   * (`Bearer`), `expires_in` (whole seconds). `now` is the time in milliseconds, for an answer that names an instant.
   */
  mapResponse?:
    ((members: Readonly<Record<string, unknown>>, now: number) => Readonly<Record<string, unknown>>) | undefined
  /** Whose tokens they are. Needed with a store, and where many live together, when it is `headers` that say who asks. */
  subject?: string | undefined
}

const NAMES: OptionNames<CustomGrantOptions> = {
  ...OAUTH_CLIENT_OPTIONS,
  ...ACCESS_OPTIONS,
  grantType: true,
  body: true,
  headers: true,
  mapResponse: true,
  subject: true,
}

/**
 * The token request of a vendor that has its own way: a grant type that no RFC knows, a body of JSON, an answer with other
 * names. It goes to the token endpoint by POST, under the same limits as any other. It does no I/O before a `TokenManager`
 * asks it.
 *
 * What shapes the tokens is part of its identity, except for what `headers` makes: give `subject` when that decides whose
 * tokens come back.
 *
 * Throws {@link EverbearerError} `invalid_option` or `insecure_url`. The manager's `getToken` rejects with
 * {@link TokenError} `grant_failed` when `headers` or `mapResponse` throws; what it threw is left out, since it may quote a
 * secret.
 *
 * @example
 * ```js
 * import { TokenManager, customGrant } from 'everbearer'
 *
 * const tokens = new TokenManager(
 *   customGrant({
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *     grantType: 'account_credentials',
 *     clientId: 'id',
 *     clientSecret: 'secret',
 *     parameters: { account_id: 'account 7' },
 *   }),
 * )
 * const token = await tokens.getToken()
 * ```
 */
export function customGrant(given: CustomGrantOptions): Grant {
  const options = knownOptions(given, 'customGrant', NAMES)
  const {
    grantType,
    body = 'form',
    parameters = {},
    headers,
    mapResponse,
    scope,
    audience,
    resource,
    subject,
  } = options
  if (body !== 'form' && body !== 'json') throw invalidOption('body', 'must be form or json')
  checkText('grantType', grantType)
  checkFunction('headers', headers)
  checkFunction('mapResponse', mapResponse)
  checkText('subject', subject)
  const isJson = body === 'json'
  const client = optionalClient(options)
  const texts = isJson ? jsonTexts('parameters', parameters) : (parameters as Texts)
  const access = requestedAccess({ scope, audience, resource, parameters: texts })
  const nested = isJson ? Object.values(access.parameters).flatMap(valuesWithin) : []
  const encode = (all: Pairs) => (isJson ? jsonBody(jsonMembers(all, access.parameters)) : formBody(all))

  return {
    identity: quietIdentity({
      ...client.identity,
      ...access,
      // No name of a grant type has a blank (RFC 6749 appendix A.10).
      grantType: [grantType, isJson ? 'in JSON' : undefined].filter((part) => part !== undefined).join(' '),
      subject,
    }),
    ...client.members,
    repeatable: true,
    userBound: headers !== undefined,
    async requestToken(request) {
      const { clock = systemClock } = request
      const made = headers === undefined ? {} : await readHeaders(headers)
      const secrets = [...nested, ...Object.values(made).flatMap((value) => value.split(' '))]
      const rename = mapResponse && ((members: TokenMembers) => renamed(mapResponse, members, clock.now()))
      return client.requestToken(
        { grantType, access, headers: made, secrets: secrets.filter(mayBeSecret), encode, rename },
        request,
      )
    },
  }
}

type Texts = Readonly<Record<string, string>>
type Pairs = Parameters<typeof formBody>[0]

/** What a JSON text holds, at any depth: a server may quote one of it alone. */
function valuesWithin(json: string): string[] {
  const values: string[] = []
  JSON.parse(json, (_name, value: unknown) => {
    if (typeof value === 'string' || typeof value === 'number') values.push(String(value))
    return value
  })
  return values
}

type MapResponse = NonNullable<CustomGrantOptions['mapResponse']>

function renamed(mapResponse: MapResponse, members: TokenMembers, now: number): TokenMembers {
  let named: TokenMembers
  try {
    named = mapResponse(members, now)
  } catch (error) {
    throw functionError('mapResponse', error, 'check which members the vendor answers with', {})
  }
  if (typeof named === 'object' && named !== null) return named
  throw new TokenError('grant_failed', 'The mapResponse function gave no object of members: check what it returns.')
}

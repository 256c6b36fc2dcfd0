import type { TokenError } from '../base/errors.js'
import type { OptionNames } from '../base/options.js'
import { shownUrl } from '../base/shown-url.js'
import { parseEndpoint } from '../protocol/url.js'
import type { InsecureOriginTest } from '../protocol/url.js'
import { discoveryError, namedPlace } from './discovery-document.js'

/** Where an authorization server takes a client that shows a certificate (RFC 8705 section 5). */
export interface MtlsEndpointAliases {
  readonly tokenEndpoint?: string | undefined
  readonly revocationEndpoint?: string | undefined
}

/** What an authorization server says of itself. Its members are options of every grant: spread it into one. */
export interface AuthorizationServerMetadata {
  /** Exactly as it was asked for. */
  readonly issuer: string
  readonly tokenEndpoint: string
  /** Where users sign in. */
  readonly authorizationEndpoint?: string | undefined
  readonly revocationEndpoint?: string | undefined
  /** Those on an origin that is not listed are left out. */
  readonly mtlsEndpointAliases?: MtlsEndpointAliases | undefined
  readonly tokenEndpointAuthMethodsSupported?: readonly string[] | undefined
  readonly codeChallengeMethodsSupported?: readonly string[] | undefined
  readonly dpopSigningAlgValuesSupported?: readonly string[] | undefined
  /** Whether each callback of a sign-in names the issuer (RFC 9207). */
  readonly authorizationResponseIssParameterSupported?: boolean | undefined
  /** The whole document, under the names of RFC 8414. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Its names, for options into which it may be spread. */
export const METADATA: OptionNames<AuthorizationServerMetadata> = {
  issuer: 'ignored',
  tokenEndpoint: 'ignored',
  authorizationEndpoint: 'ignored',
  revocationEndpoint: 'ignored',
  mtlsEndpointAliases: 'ignored',
  tokenEndpointAuthMethodsSupported: 'ignored',
  codeChallengeMethodsSupported: 'ignored',
  dpopSigningAlgValuesSupported: 'ignored',
  authorizationResponseIssParameterSupported: 'ignored',
  metadata: 'ignored',
}

/** Whose document it should be, and where its endpoints may be. */
export interface MetadataExpectations {
  readonly issuer: string
  /** Besides the issuer's own. */
  readonly endpointOrigins: ReadonlySet<string>
  readonly isInsecureAllowed: InsecureOriginTest
}

/**
 * Reads the metadata document of an authorization server (RFC 8414 section 3.2, OpenID Connect Discovery section 4.2).
 * Its issuer must be the one that was asked (section 3.3), to the character: the credentials would go to whoever else it
 * speaks for. Throws {@link TokenError} `discovery_failed`.
 */
export function readMetadata(
  members: Readonly<Record<string, unknown>>,
  { issuer, endpointOrigins, isInsecureAllowed }: MetadataExpectations,
): AuthorizationServerMetadata {
  const { origin } = new URL(issuer)
  const document = `The metadata of the authorization server at ${origin}`
  if (members['issuer'] !== issuer) {
    throw discoveryError(
      `${document} names another issuer${quoted(members['issuer'])} than the one that was asked: they must be equal to the character, also in a slash at the end.`,
    )
  }
  const isListed = (url: URL) => url.origin === origin || endpointOrigins.has(url.origin)
  const endpoint = (from: Readonly<Record<string, unknown>>, name: string): URL | undefined => {
    if (from[name] === undefined || from[name] === null) return undefined
    return namedPlace(from[name], document, (text) => parseEndpoint(text, name, isInsecureAllowed))
  }
  const listed = (name: string): string | undefined => {
    const url = endpoint(members, name)
    if (url === undefined || isListed(url)) return url?.href
    throw discoveryError(
      `${document} has its ${name} on another origin, ${url.origin}: list it as endpointOrigins if it is the server's.`,
    )
  }
  const tokenEndpoint = listed('token_endpoint')
  if (tokenEndpoint === undefined) throw discoveryError(`${document} names no token_endpoint: check the issuer.`)

  const aliases = membersOf(members['mtls_endpoint_aliases'])
  const alias = (name: string): string | undefined => {
    const url = endpoint(aliases, name)
    return url && isListed(url) ? url.href : undefined
  }
  return present<AuthorizationServerMetadata>({
    issuer,
    tokenEndpoint,
    authorizationEndpoint: listed('authorization_endpoint'),
    revocationEndpoint: listed('revocation_endpoint'),
    mtlsEndpointAliases: present<MtlsEndpointAliases>({
      tokenEndpoint: alias('token_endpoint'),
      revocationEndpoint: alias('revocation_endpoint'),
    }),
    tokenEndpointAuthMethodsSupported: textsOf(members['token_endpoint_auth_methods_supported']),
    codeChallengeMethodsSupported: textsOf(members['code_challenge_methods_supported']),
    dpopSigningAlgValuesSupported: textsOf(members['dpop_signing_alg_values_supported']),
    authorizationResponseIssParameterSupported:
      members['authorization_response_iss_parameter_supported'] === true || undefined,
    metadata: Object.freeze(members),
  })
}

/** An issuer that can be copied from the message: shown when it is one, without anything that could be a secret. */
function quoted(issuer: unknown): string {
  const isIssuer = typeof issuer === 'string' && /^https?:\/\/[\w.:[\]-]+(?:\/[\w.~/-]*)?$/.test(issuer)
  // What is no URL may still hold a password, as in `https://me:password-host/`.
  return isIssuer && issuer.length <= 200 && shownUrl(issuer) ? `, ${issuer},` : ''
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object.assign(Object.create(null) as Record<string, unknown>, typeof value === 'object' ? value : {})
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined
}

/** Without the members that are not there. */
function present<Members extends object>(members: {
  readonly [Name in keyof Members]: Members[Name] | undefined
}): Members {
  return Object.freeze(
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
  ) as Members
}

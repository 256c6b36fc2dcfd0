import { allowInsecure, insecureOrigins } from '../base/allow-insecure.js'
import type { EverbearerError, TokenError } from '../base/errors.js'
import { invalidOption, knownOptions } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { parseEndpoint } from '../protocol/url.js'
import { METADATA } from './authorization-server-metadata.js'
import type { AuthorizationServerMetadata, MtlsEndpointAliases } from './authorization-server-metadata.js'
import type { ServerTransport } from './authorization-server.js'
import { ISSUER_OPTIONS, metadataSearch } from './discover.js'
import type { IssuerOptions } from './discover.js'

/** Where an authorization server is asked: at its token endpoint, or where its issuer says that it is. */
export interface ServerOptions extends IssuerOptions {
  /** The token endpoint's URL: https, or http on loopback. */
  tokenEndpoint?: string | URL | undefined
  /**
   * Who issues the tokens. Without `tokenEndpoint` it is asked for its endpoints at the first use (RFC 8414, OpenID
   * Connect); with it nothing is asked, and the issuer is whom a client's assertion is addressed to.
   */
  issuer?: string | undefined
  /** Where tokens are revoked (RFC 7009). Default: as the issuer says, or nowhere. */
  revocationEndpoint?: string | URL | undefined
  /** Where a client is taken that shows a certificate (RFC 8705 section 5). Default: as the issuer says, or the same. */
  mtlsEndpointAliases?: MtlsEndpointAliases | undefined
}

const ALIASES: OptionNames<MtlsEndpointAliases> = { tokenEndpoint: true, revocationEndpoint: true }

export const SERVER_OPTIONS: OptionNames<ServerOptions & AuthorizationServerMetadata> = {
  ...METADATA,
  ...ISSUER_OPTIONS,
  tokenEndpoint: true,
  issuer: true,
  revocationEndpoint: true,
  mtlsEndpointAliases: true,
}

/** Where requests go. */
export interface ServerEndpoints {
  readonly issuer: string | undefined
  readonly tokenEndpoint: URL
  readonly revocationEndpoint: URL | undefined
  /** Undefined if the endpoints were given, and the issuer was not asked. */
  readonly metadata?: AuthorizationServerMetadata | undefined
}

/** The way to a server's endpoints. */
export interface EndpointSearch {
  /** What stands for them in a grant's identity. */
  readonly identity: string
  /** Whether there may be an endpoint for revocation. */
  readonly mayRevoke: boolean
  /** Rejects with {@link TokenError} `discovery_failed`. */
  find(transport: ServerTransport): Promise<ServerEndpoints>
  /** The server may have moved: the issuer is asked again. */
  forget(): void
}

/**
 * Returns the way to a server's endpoints. It does no I/O before it is asked. `mtls`: the client shows a certificate. Throws
 * {@link EverbearerError} `invalid_option`, `invalid_origin` or `insecure_url`.
 */
export function serverEndpoints(options: ServerOptions, { mtls }: { mtls: boolean }): EndpointSearch {
  const { tokenEndpoint, issuer } = options
  const choose = endpointChoice(options, mtls)
  const given = choose(options)
  if (tokenEndpoint !== undefined && given.tokenEndpoint !== undefined) {
    if (issuer !== undefined) metadataSearch(issuer, options)
    const identity = parseEndpoint(tokenEndpoint, 'tokenEndpoint', insecureOrigins(options[allowInsecure])).href
    return givenEndpoints(identity, { issuer, ...given, tokenEndpoint: given.tokenEndpoint })
  }
  if (issuer === undefined) throw invalidOption('tokenEndpoint', 'must be a URL; or give the issuer, which knows it')
  return new IssuerEndpoints(issuer, metadataSearch(issuer, options), given.revocationEndpoint, choose)
}

type Choice = (given: ServerOptions) => { tokenEndpoint: URL | undefined; revocationEndpoint: URL | undefined }

/** Prefers the aliases for clients that show a certificate (RFC 8705 section 5). */
function endpointChoice(options: ServerOptions, mtls: boolean): Choice {
  const isInsecureAllowed = insecureOrigins(options[allowInsecure])
  const parse = (url: string | URL | undefined, option: string) =>
    url === undefined ? undefined : parseEndpoint(url, option, isInsecureAllowed)
  return ({ mtlsEndpointAliases, ...given }) => {
    const aliases = knownOptions(mtlsEndpointAliases ?? {}, 'mtlsEndpointAliases', ALIASES)
    const alias = mtls ? aliases : {}
    return {
      tokenEndpoint: parse(alias.tokenEndpoint ?? given.tokenEndpoint, 'tokenEndpoint'),
      revocationEndpoint: parse(alias.revocationEndpoint ?? given.revocationEndpoint, 'revocationEndpoint'),
    }
  }
}

function givenEndpoints(identity: string, endpoints: ServerEndpoints): EndpointSearch {
  return {
    identity,
    mayRevoke: endpoints.revocationEndpoint !== undefined,
    find: async () => endpoints,
    forget: () => undefined,
  }
}

/** The endpoints that an issuer names, kept until they are forgotten. */
class IssuerEndpoints implements EndpointSearch {
  readonly identity: string
  readonly mayRevoke = true
  readonly #search: ReturnType<typeof metadataSearch>
  readonly #revocationEndpoint: URL | undefined
  readonly #choose: Choice
  #known: ServerEndpoints | undefined

  constructor(
    issuer: string,
    search: ReturnType<typeof metadataSearch>,
    revocationEndpoint: URL | undefined,
    choose: Choice,
  ) {
    this.identity = issuer
    this.#search = search
    this.#revocationEndpoint = revocationEndpoint
    this.#choose = choose
  }

  async find(transport: ServerTransport): Promise<ServerEndpoints> {
    if (this.#known === undefined) {
      const metadata = await this.#search(transport)
      const found = this.#choose(metadata)
      this.#known = {
        issuer: this.identity,
        // The metadata has one, or it would have been rejected.
        tokenEndpoint: found.tokenEndpoint as URL,
        revocationEndpoint: this.#revocationEndpoint ?? found.revocationEndpoint,
        metadata,
      }
    }
    return this.#known
  }

  forget(): void {
    this.#known = undefined
  }
}

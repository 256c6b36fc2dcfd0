import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import type { OptionNames } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import type { GrantIdentity } from '../token/grant.js'

/** What a token is asked for. */
export interface AccessOptions {
  /** What the token is to be good for: names with spaces between, or a list. Default: what the server grants by itself. */
  scope?: string | readonly string[] | undefined
  /** For servers such as Auth0 that ask for one. */
  audience?: string | undefined
  /** RFC 8707 resource indicators: absolute URIs without a fragment. */
  resource?: string | readonly string[] | undefined
  /** Further parameters of the token request. None may be one that this grant sets itself. */
  parameters?: Readonly<Record<string, string>> | undefined
}

export const ACCESS_OPTIONS: OptionNames<AccessOptions> = {
  scope: true,
  audience: true,
  resource: true,
  parameters: true,
}

/** The same as a grant's identity has it. */
export interface RequestedAccess extends Pick<GrantIdentity, 'scope' | 'resource' | 'parameters'> {
  readonly audience: string | undefined
}

/** What every grant may set itself. */
const RESERVED = [
  'audience',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'grant_type',
  'resource',
  'scope',
]

/** `reserved` names what this grant sets beside what all do. Throws {@link EverbearerError} `invalid_option`. */
export function requestedAccess(
  { scope, audience, resource, parameters = {} }: AccessOptions,
  reserved: readonly string[] = [],
): RequestedAccess {
  const scopes = stringsOf('scope', scope).flatMap((names) => names.split(' '))
  if (audience != null && typeof audience !== 'string') throw invalidOption('audience', 'must be a string')
  return {
    scope: asSet(scopes.filter((name) => name !== '')),
    resource: asSet(resourcesOf(resource)),
    parameters: parametersOf(parameters, new Set([...RESERVED, ...reserved])),
    audience: audience ?? undefined,
  }
}

/** An empty value counts as an absent one (RFC 6749 section 3.2), so none is sent. */
export function accessParameters(access: RequestedAccess): readonly (readonly [name: string, value: string])[] {
  const { scope, audience, resource, parameters } = access
  const sent: [name: string, value: string][] = []
  if (scope.length > 0) sent.push(['scope', scope.join(' ')])
  if (audience) sent.push(['audience', audience])
  for (const uri of resource) sent.push(['resource', uri])
  for (const [name, value] of Object.entries(parameters)) if (value !== '') sent.push([name, value])
  return sent
}

/** One string, or a list of them. */
function stringsOf(option: string, value: string | readonly string[] | undefined): readonly string[] {
  const all = [value ?? []].flat()
  if (all.every((one) => typeof one === 'string')) return all
  throw invalidOption(option, 'must be a string or a list of strings')
}

function resourcesOf(resource: AccessOptions['resource']): readonly string[] {
  const all = stringsOf('resource', resource)
  if (all.every((uri) => parseUrl(uri) !== undefined && !uri.includes('#'))) return all
  throw invalidOption('resource', 'must be absolute URIs without a fragment (RFC 8707 section 2)')
}

function parametersOf(
  parameters: Readonly<Record<string, string>>,
  reserved: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw invalidOption('parameters', 'must be an object of strings')
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (reserved.has(name)) throw invalidOption('parameters', `must not hold ${name}, which the grant sets itself`)
    if (typeof value !== 'string') throw invalidOption('parameters', `must hold strings only: ${name} is none`)
  }
  return { ...parameters }
}

/** In an order of its own, and nothing twice. */
function asSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

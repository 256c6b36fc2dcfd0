import dns from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'

import { EverbearerError } from '../base/errors.js'
import { parseUrl } from '../base/parse-url.js'
import { addressKind, hostKind } from '../protocol/address-kind.js'
import type { AddressKind } from '../protocol/address-kind.js'
import { isLoopback } from '../protocol/url.js'

/** The kinds of the addresses that the API is at: undefined is a public one. */
export type ApiKinds = () => Promise<ReadonlySet<AddressKind | undefined>>

/**
 * Returns the URL of a result: https, or http on loopback if the API is on loopback too.
 *
 * @throws EverbearerError `unsafe_link`
 */
export function parseResultUrl(text: string, apiUrl: string): URL {
  const url = parseUrl(text)
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw unsafeLink('', 'its address is not an https URL')
  }
  const isLocal = isLoopback(url.hostname) && isLoopback(new URL(apiUrl).hostname)
  if (url.protocol === 'https:' || isLocal) return url
  throw unsafeLink(url.origin, 'its address is not https')
}

/**
 * Checks the host of a result without resolving its name: an address that is not public must be of a kind that the API's is.
 *
 * @throws EverbearerError `unsafe_link`
 */
export async function checkResultHost({ hostname, origin }: URL, apiKinds: ApiKinds): Promise<void> {
  const kind = hostKind(hostname)
  if (kind === undefined || (await apiKinds()).has(kind)) return
  throw notPublicError(origin, kind)
}

/** Reads the kind of the API's host from its URL, for a dispatcher that resolves names as it likes. */
export function statedKinds(apiUrl: string): ApiKinds {
  return async () => new Set([hostKind(new URL(apiUrl).hostname)])
}

/** Resolves the name of the API's host. */
export function resolvedKinds(apiUrl: string): ApiKinds {
  const hostname = new URL(apiUrl).hostname.replace(/^\[|\]$/g, '')
  return async () => new Set((await resolve(hostname)).map(({ address }) => addressKind(address)))
}

/**
 * Resolves the name of a result's host for one connection, to the addresses that are public or of a kind that the API's are.
 * The connection goes to what it returns, so that a name can't change its address in between (DNS rebinding).
 */
export function resultLookup(origin: string, apiKinds: ApiKinds): LookupFunction {
  const permitted = async (hostname: string, options: LookupOptions): Promise<LookupAddress[]> => {
    const found = (await resolve(hostname, options)).map((entry) => ({ entry, kind: addressKind(entry.address) }))
    const refused = found.find(({ kind }) => kind !== undefined)
    if (refused === undefined) return found.map(({ entry }) => entry)
    const own = await apiKinds()
    const addresses = found.filter(({ kind }) => kind === undefined || own.has(kind)).map(({ entry }) => entry)
    if (addresses.length === 0)
      throw notPublicError(origin, refused.kind, 'If your network resolves it so, pass a `dispatcher`.')
    return addresses
  }
  return (hostname, options, callback) => {
    permitted(hostname, options).then(
      (addresses) => {
        const [first] = addresses
        if (options.all === true || first === undefined) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      // Node's own error of a lookup, or ours.
      (error: unknown) => callback(error as Error, []),
    )
  }
}

/** As Node resolves the names of its own connections: at the time of the call, because a process may replace `dns.lookup`. */
function resolve(hostname: string, options: LookupOptions = {}): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
}

function notPublicError(origin: string, kind: AddressKind | undefined, advice?: string): EverbearerError {
  return unsafeLink(origin, `its address is not public (${kind}), and the API's is not of that kind`, advice)
}

/** Shows no more than the origin: the address is signed. */
function unsafeLink(origin: string, why: string, advice = 'Report it to NICE CXone.'): EverbearerError {
  return new EverbearerError(
    'unsafe_link',
    `The result${origin && ` at ${origin}`} is not downloaded: ${why}. ${advice}`,
  )
}

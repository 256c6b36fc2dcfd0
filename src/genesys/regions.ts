import { EverbearerError } from '../base/errors.js'

/** AWS region to domain: the hosts are `login.` and `api.` before it. Source: the official SDK, 262.0.0. */
export const GENESYS_REGIONS = {
  'us-east-1': 'mypurecloud.com',
  'us-east-2': 'use2.us-gov-pure.cloud',
  'us-west-2': 'usw2.pure.cloud',
  'ca-central-1': 'cac1.pure.cloud',
  'mx-central-1': 'mxc1.pure.cloud',
  'sa-east-1': 'sae1.pure.cloud',
  'eu-west-1': 'mypurecloud.ie',
  'eu-west-2': 'euw2.pure.cloud',
  'eu-central-1': 'mypurecloud.de',
  'eu-central-2': 'euc2.pure.cloud',
  'eusc-de-east-1': 'edee1.eusc-pure.cloud',
  'me-central-1': 'mec1.pure.cloud',
  'ap-south-1': 'aps1.pure.cloud',
  'ap-southeast-1': 'apse1.pure.cloud',
  'ap-southeast-2': 'mypurecloud.com.au',
  'ap-northeast-1': 'mypurecloud.jp',
  'ap-northeast-2': 'apne2.pure.cloud',
  'ap-northeast-3': 'apne3.pure.cloud',
} as const

/** A region that is known by name. */
export type GenesysRegion = keyof typeof GENESYS_REGIONS

/** Where a region's two services are. */
export interface GenesysUrls {
  readonly loginUrl: string
  readonly apiUrl: string
}

/** A host name of at least two labels (RFC 1123 section 2.1): regions are added faster than this table. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/

/**
 * The login and API origins of a region: an AWS name (`us-east-1`, or `us_east_1` as the SDKs spell it) or any domain
 * (`mypurecloud.com`). Throws {@link EverbearerError} `invalid_option`.
 */
export function regionUrls(region: string): GenesysUrls {
  const name = typeof region === 'string' ? region.trim().toLowerCase() : ''
  const host = /^(?:https?:\/\/)?(?:login|api|apps)\.([a-z0-9.-]+)/.exec(name)
  if (host) {
    // Before an @ it is a user name.
    const domain = name.includes('@') ? '' : `: ${String(host[1])}`
    throw new EverbearerError(
      'invalid_option',
      `Option \`region\` is the domain alone, without scheme and service${domain}.`,
    )
  }
  const key = name.replaceAll('_', '-')
  const domain = Object.hasOwn(GENESYS_REGIONS, key) ? GENESYS_REGIONS[key as GenesysRegion] : name
  if (!DOMAIN.test(domain)) {
    const known = Object.keys(GENESYS_REGIONS).join(', ')
    throw new EverbearerError(
      'invalid_option',
      `Option \`region\` is neither a known region nor a domain such as mypurecloud.com. Known regions: ${known}.`,
    )
  }
  return { loginUrl: `https://login.${domain}`, apiUrl: `https://api.${domain}` }
}

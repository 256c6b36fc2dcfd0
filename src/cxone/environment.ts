import type { EverbearerError } from '../base/errors.js'
import { environmentReader, required } from '../platform/environment.js'
import type { Environment } from '../platform/environment.js'
import type { CxoneCredentials } from './credentials.js'

const KEY = { accessKeyId: 'CXONE_ACCESS_KEY_ID', accessKeySecret: 'CXONE_ACCESS_KEY_SECRET' }
const CLIENT = { clientId: 'CXONE_CLIENT_ID', clientSecret: 'CXONE_CLIENT_SECRET' }

/**
 * Credentials from environment variables: CXONE_ACCESS_KEY_ID and CXONE_ACCESS_KEY_SECRET, with CXONE_CLIENT_ID and
 * CXONE_CLIENT_SECRET, or without a client with CXONE_AREA or CXONE_ACCESS_KEY_ENDPOINT; CXONE_ISSUER where it is another
 * than the default. CXONE_API_DOMAINS and, with a client, CXONE_ENDPOINT_ORIGINS are lists, with commas or spaces. An empty or
 * blank variable counts as missing.
 *
 * Throws {@link EverbearerError} `missing_environment`, naming all that are missing.
 */
export function credentialsFromEnvironment(env: Environment): CxoneCredentials {
  const read = environmentReader(env)
  const [issuer, area, accessKeyEndpoint] = ['CXONE_ISSUER', 'CXONE_AREA', 'CXONE_ACCESS_KEY_ENDPOINT'].map(read)
  const [endpointOrigins, apiDomains] = ['CXONE_ENDPOINT_ORIGINS', 'CXONE_API_DOMAINS'].map((name) =>
    listOf(read(name)),
  )
  const common = {
    ...(issuer !== undefined && { issuer }),
    ...(area !== undefined && { area }),
    ...(apiDomains && { apiDomains }),
  }
  if (Object.values(CLIENT).some(read)) {
    return { ...required(read, { ...KEY, ...CLIENT }), ...common, ...(endpointOrigins && { endpointOrigins }) }
  }
  if (accessKeyEndpoint !== undefined) return { ...required(read, KEY), ...common, accessKeyEndpoint }
  const instead = 'CXONE_CLIENT_ID with CXONE_CLIENT_SECRET'
  return { ...common, ...required(read, { ...KEY, area: 'CXONE_AREA' }, area === undefined ? instead : undefined) }
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(/[\s,]+/).filter((item) => item !== '')
}

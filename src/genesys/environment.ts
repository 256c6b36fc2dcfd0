import type { EverbearerError } from '../base/errors.js'
import { environmentReader, required } from '../platform/environment.js'
import type { Environment } from '../platform/environment.js'
import type { GenesysCredentials } from './credentials.js'

const OURS = ['CLIENT_ID', 'CLIENT_SECRET', 'REGION', 'LOGIN_URL', 'API_URL'].map((name) => `GENESYS_${name}`)

/** The names that Genesys' own tools use. */
const TOOLS = {
  clientId: 'GENESYSCLOUD_OAUTHCLIENT_ID',
  clientSecret: 'GENESYSCLOUD_OAUTHCLIENT_SECRET',
  region: 'GENESYSCLOUD_REGION',
}

/**
 * Credentials from environment variables: GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET with GENESYS_REGION, or with
 * GENESYS_LOGIN_URL and GENESYS_API_URL, which win over a region; when none of these is set, the names that Genesys'
 * own tools use. An empty or blank variable counts as missing.
 *
 * Throws {@link EverbearerError} `missing_environment`, naming all that are missing.
 */
export function credentialsFromEnvironment(env: Environment): GenesysCredentials {
  const read = environmentReader(env)
  if (!OURS.some(read) && Object.values(TOOLS).some(read)) return required(read, TOOLS)

  const client = { clientId: 'GENESYS_CLIENT_ID', clientSecret: 'GENESYS_CLIENT_SECRET' }
  const byUrl = read('GENESYS_LOGIN_URL') ?? read('GENESYS_API_URL')
  return byUrl === undefined
    ? required(read, { ...client, region: 'GENESYS_REGION' })
    : required(read, { ...client, loginUrl: 'GENESYS_LOGIN_URL', apiUrl: 'GENESYS_API_URL' })
}

import { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import type { GenesysCredentials } from './credentials.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The names that Genesys' own tools use. */
const TOOLS = {
  clientId: 'GENESYSCLOUD_OAUTHCLIENT_ID',
  clientSecret: 'GENESYSCLOUD_OAUTHCLIENT_SECRET',
  region: 'GENESYSCLOUD_REGION',
}

/**
 * Credentials from environment variables: GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET with GENESYS_REGION, or with
 * GENESYS_LOGIN_URL and GENESYS_API_URL, which win over a region; when none of these is set, the names that Genesys'
 * own tools use. An empty or blank variable counts as missing, as in a shell script that exports an unset one.
 *
 * Throws {@link EverbearerError} `missing_environment`, naming all that are missing.
 */
export function credentialsFromEnvironment(env: Environment): GenesysCredentials {
  if (typeof env !== 'object' || env === null) throw invalidOption('env', 'must be an object such as process.env')
  const read = (name: string) => textOf(env, name)
  const ours = Object.keys(env).some(
    (name) => /^GENESYS_(CLIENT_ID|CLIENT_SECRET|REGION|LOGIN_URL|API_URL)$/.test(name) && read(name),
  )
  const theirs = Object.values(TOOLS).some(read)
  if (!ours && theirs) return required(env, TOOLS)

  const client = { clientId: 'GENESYS_CLIENT_ID', clientSecret: 'GENESYS_CLIENT_SECRET' }
  const byUrl = read('GENESYS_LOGIN_URL') ?? read('GENESYS_API_URL')
  return byUrl === undefined
    ? required(env, { ...client, region: 'GENESYS_REGION' })
    : required(env, { ...client, loginUrl: 'GENESYS_LOGIN_URL', apiUrl: 'GENESYS_API_URL' })
}

/** In JavaScript it may be anything. */
function textOf(env: Environment, name: string): string | undefined {
  const value: unknown = env[name]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function required<Name extends string>(env: Environment, variables: Record<Name, string>): Record<Name, string> {
  const entries = Object.entries<string>(variables)
  const missing = entries.map(([, variable]) => variable).filter((variable) => textOf(env, variable) === undefined)
  if (missing.length > 0) {
    const list = missing.join(', ')
    throw new EverbearerError('missing_environment', `Missing or empty environment variables: ${list}.`)
  }
  return Object.fromEntries(entries.map(([name, variable]) => [name, env[variable]])) as Record<Name, string>
}

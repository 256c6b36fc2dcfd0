import { ApiError, SchemaError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import type { JsonClient } from '../client/json-client.js'
import { asking, checkProbed, verify } from '../platform/verify.js'
import type { Outcome, SmallRequest } from '../platform/verify.js'
import { areasAt, VERIFIABLE_PERMISSIONS } from './areas.js'
import type { VerifiablePermission } from './areas.js'
import { tokenInfo } from './models/tokens.js'

/** What {@link GenesysCloud.verify} is told. */
export interface VerifyOptions {
  /** The permissions that you need: then only what they open is tried. Default: what the calls of this client need. */
  permissions?: readonly VerifiablePermission[] | undefined
  signal?: AbortSignal | undefined
}

/** One thing that was tried. */
export interface VerifyCheck extends Outcome {
  /** `token`, `session`, or what was read, such as `users.list`. */
  readonly check: string
  /** The permission that it needs. */
  readonly permission?: VerifiablePermission | undefined
}

type Subject = Pick<VerifyCheck, 'check' | 'permission'>

const TOKEN: Subject = { check: 'token' }
const SESSION: Subject = { check: 'session' }
const SESSION_REQUEST: SmallRequest = {
  // Not HEAD, whose answer has no body: the code in it is all that tells a blocked address from a refused token.
  method: 'GET',
  path: '/api/v2/tokens/me',
  query: { preserveIdleTTL: true },
  schema: tokenInfo.envelope,
}

/** Tries for a token, then whether the API takes it, then each area. */
export async function verifyGenesys(client: JsonClient, options: VerifyOptions): Promise<VerifyCheck[]> {
  const { permissions, signal } = knownOptions(options, 'verify', { permissions: true, signal: true })
  if (permissions !== undefined) checkProbed('permissions', permissions, VERIFIABLE_PERMISSIONS)
  checkSignal(signal)
  const areas = areasAt(client.clock.now()).filter(({ permission, isModelled }) =>
    permissions ? permission && permissions.includes(permission) : isModelled,
  )
  return verify(
    {
      platform: 'Genesys Cloud',
      tokenPlace: 'that of the region, or of `loginUrl`',
      apiPlace: 'the region or `apiUrl`',
      foundations: [
        { subject: TOKEN, attempt: (limits) => client.token(limits) },
        { subject: SESSION, attempt: asking(client, SESSION_REQUEST) },
      ],
      areas: areas.map(({ check, permission, request }) => ({
        subject: { check, ...(permission && { permission }) },
        attempt: asking(client, request),
      })),
      isForeign: (error, subject) =>
        subject === SESSION &&
        (error instanceof SchemaError || (error instanceof ApiError && error.platformCode === undefined)),
    },
    signal,
  )
}

import { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import type { ErrorCode } from '../base/errors.js'
import { checkSignal, invalidOption, knownOptions } from '../base/options.js'
import type { JsonClient } from '../http/json-client.js'
import { areasAt, VERIFIABLE_PERMISSIONS } from './areas.js'
import type { Area, Probe, VerifiablePermission } from './areas.js'
import { tokenInfo } from './models/tokens.js'
import { CHECK_PATIENCE } from '../platform/session.js'

/** What {@link GenesysCloud.verify} is told. */
export interface VerifyOptions {
  /** The permissions that you need: then only what they open is tried. Default: what the calls of this client need. */
  permissions?: readonly VerifiablePermission[] | undefined
  signal?: AbortSignal | undefined
}

/** One thing that was tried. */
export interface VerifyCheck {
  /** `token`, `session`, or what was read, such as `users.list`. */
  readonly check: string
  readonly ok: boolean
  /** The permission that it needs. */
  readonly permission?: VerifiablePermission
  /** What went wrong, and what to check first. */
  readonly hint?: string
  /** The code of the error that it ended with, see docs/errors.md. */
  readonly code?: ErrorCode
}

/** Tries for a token, then whether the API takes it, then each area. What fails is told, and not thrown. */
export async function verify(client: JsonClient, options: VerifyOptions): Promise<VerifyCheck[]> {
  const { permissions, signal } = knownOptions(options, 'verify', { permissions: true, signal: true })
  checkPermissions(permissions)
  checkSignal(signal)
  const areas = areasAt(client.clock.now()).filter(({ permission, isModelled }) =>
    permissions ? permission && permissions.includes(permission) : isModelled,
  )

  /** Resolves with the failure, unless it is the caller who made an end. */
  const attempt = async ({ method, path, ...request }: Probe): Promise<EverbearerError | undefined> => {
    try {
      await client.request(method, path, { ...request, patience: CHECK_PATIENCE, signal })
      return undefined
    } catch (error) {
      if (!(error instanceof EverbearerError) || error.code === 'closed' || signal?.aborted) throw error
      return error
    }
  }

  const failure = await attempt({
    // Not HEAD, whose answer has no body: the code in it is all that tells a blocked address from a refused token.
    method: 'GET',
    path: '/api/v2/tokens/me',
    query: { preserveIdleTTL: true },
    schema: tokenInfo.envelope,
  })
  if (failure instanceof TokenError) return [told(TOKEN, failure), ...[SESSION, ...areas].map(notTried)]
  if (failure) return [fine(TOKEN), told(SESSION, failure), ...areas.map(notTried)]
  const checks = areas.map(async (area) => {
    const error = await attempt(area.request)
    return error ? told(area, error) : fine(area)
  })
  return [fine(TOKEN), fine(SESSION), ...(await Promise.all(checks))]
}

type Subject = Pick<Area, 'check' | 'permission'>

const TOKEN: Subject = { check: 'token' }
const SESSION: Subject = { check: 'session' }

function fine({ check, permission }: Subject): VerifyCheck {
  return { check, ok: true, ...(permission && { permission }) }
}

function notTried(subject: Subject): VerifyCheck {
  return { ...fine(subject), ok: false, hint: 'Not tried: it needs what failed above.' }
}

function told(subject: Subject, error: EverbearerError): VerifyCheck {
  // That a server is left alone for a while says less than why.
  const cause = error.cause instanceof EverbearerError ? error.cause : error
  const hint = [cause.message, adviceFor(subject, cause)].join(' ').trim()
  return { ...fine(subject), ok: false, code: cause.code, hint }
}

/** What the error's own message leaves open. */
function adviceFor(subject: Subject, error: EverbearerError): string {
  if (/^token_(endpoint|answer)_/.test(error.code)) return 'The token endpoint is that of the region, or of `loginUrl`.'
  if (error.code === 'api_unreachable') return 'Check first the region or `apiUrl`, then DNS, firewall and proxy.'
  if (error.code === 'api_server_error') return 'Try again later; if it stays, ask the support of Genesys Cloud.'
  const isForeign = error instanceof SchemaError || (error instanceof ApiError && error.platformCode === undefined)
  return subject === SESSION && isForeign
    ? 'Check first the region or `apiUrl`, then for a proxy: what answers there is not the API of Genesys Cloud.'
    : ''
}

function checkPermissions(permissions: unknown): void {
  if (permissions === undefined) return
  if (!Array.isArray(permissions)) throw invalidOption('permissions', 'must be a list')
  const known: readonly unknown[] = VERIFIABLE_PERMISSIONS
  // Not `permissions.every`, which passes holes over.
  if (Array.from<unknown>(permissions).every((permission) => known.includes(permission))) return
  throw invalidOption('permissions', `may hold ${known.join(', ')}: for others there is no probe`)
}

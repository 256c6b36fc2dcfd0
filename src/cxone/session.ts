import type { Dispatcher } from 'undici'

import type { EndpointSession } from '../platform/session.js'
import type { CxoneLimits } from './limits.js'
import type { CxoneVersions } from './versions.js'

/** What every endpoint of one tenant shares. */
export interface CxoneSession extends EndpointSession<CxoneLimits> {
  readonly versions: CxoneVersions
  /** For what is fetched past the client, which knows one API only. */
  readonly dispatcher: Dispatcher | undefined
}

/** The path of an endpoint of the ACD APIs, such as `/agents`. */
export function acdPath({ versions }: CxoneSession, path: `/${string}`): string {
  return `/incontactapi/services/${versions.acd}${path}`
}

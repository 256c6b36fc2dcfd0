import type { EndpointSession } from '../platform/session.js'
import type { GenesysLimits } from './limits.js'

/** What every endpoint of one organization shares. */
export type GenesysSession = EndpointSession<GenesysLimits>

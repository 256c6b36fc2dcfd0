import type { JsonClient } from '../http/json-client.js'
import type { GenesysLimits } from './limits.js'

/** What every endpoint of one organization shares. */
export interface GenesysSession {
  readonly client: JsonClient
  readonly limits: GenesysLimits
  /** How closely answers are looked at: `envelope` only at what this library itself reads, `full` at every field. */
  readonly validate: 'envelope' | 'full'
}

/** Milliseconds of patience of a call that is to tell how things are, and not to wait until they are better. */
export const CHECK_PATIENCE = 5_000

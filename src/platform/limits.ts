import type { EverbearerError } from '../base/errors.js'
import { invalidOption, overridden } from '../base/options.js'
import type { Overrides } from '../base/options.js'

/** A platform's limits, by what an organization says of its own. Throws {@link EverbearerError} `invalid_option`. */
export function ownLimits<Limits extends object>(own: Overrides<Limits> = {}, usual: Limits): Limits {
  const limits = overridden(usual, own, 'limits')
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isInteger(value) && Number(value) >= 1) continue
    throw invalidOption(`limits.${name}`, 'must be a whole number from 1')
  }
  return limits
}

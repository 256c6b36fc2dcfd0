import * as z from 'zod'

import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/** To the minute, or to the second and below. */
const moment = z.union([z.iso.datetime({ offset: true, precision: -1 }), z.iso.datetime({ offset: true })])

/** Milliseconds since the epoch of an ISO 8601 moment with `Z` or an offset; of anything else NaN. */
export function parseMoment(text: unknown): number {
  return moment.safeParse(text).success ? Date.parse(text as string) : NaN
}

/** The same of an option that may be absent. Throws {@link EverbearerError} `invalid_option`. */
export function checkedMoment(option: string, text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : parseMoment(text)
  if (!Number.isNaN(time)) return time
  throw invalidOption(option, 'must be an ISO 8601 moment with Z or an offset, such as 2026-01-01T00:00:00.000Z')
}

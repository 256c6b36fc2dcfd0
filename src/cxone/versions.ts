import type { EverbearerError } from '../base/errors.js'
import { invalidOption, overridden } from '../base/options.js'
import type { Overrides } from '../base/options.js'
import { isPathSegment } from '../platform/path-segment.js'

/** Which versions of NICE's APIs are asked, as their paths spell them: NICE adds one every few months. */
export interface CxoneVersions {
  /** Agents, contacts and reporting jobs: `/incontactapi/services/v34.0`. Default `v34.0`. */
  readonly acd: string
  /** `/data-extraction/v1`. Default `v1`. */
  readonly dataExtraction: string
  /** `/user-management/v2/users/search`. Default `v2`. */
  readonly userSearch: string
  /** `/user-management/v3/users/{userId}`. Default `v3`. */
  readonly user: string
}

export const CXONE_VERSIONS: CxoneVersions = { acd: 'v34.0', dataExtraction: 'v1', userSearch: 'v2', user: 'v3' }

/** The versions that are asked. Throws {@link EverbearerError} `invalid_option`. */
export function cxoneVersions(own: Overrides<CxoneVersions> = {}): CxoneVersions {
  const versions = overridden(CXONE_VERSIONS, own, 'versions')
  for (const [name, version] of Object.entries(versions)) {
    if (isPathSegment(version) && /^[\w.-]+$/.test(version)) continue
    throw invalidOption(`versions.${name}`, 'must be a version as it stands in a path, such as v34.0')
  }
  return versions
}

import { empty, json } from '../platform/responses.js'
import { iso } from '../platform/moment.js'
import type { Ordered } from '../platform/ordered.js'
import type { AcdQuery } from './acd-query.js'
import { BUSINESS_UNIT } from './organization.js'

/** How a listing is answered. */
export interface ListingShape<T> {
  /** The member that holds the rows. */
  readonly rows: string
  readonly pageSize: number
  /** What `skip` reaches. */
  readonly reach: number
  readonly now: number
  readonly row: (item: T) => Record<string, unknown>
  readonly members?: object | undefined
}

export const PAGING = ['skip', 'top', 'fields', 'orderBy']

/** A page of an ACD listing, by `skip` and `top`; 204 when there is nothing on it. More than a page holds is not given. */
export function acdListing<T>(
  url: URL,
  query: AcdQuery,
  matches: Ordered<T>,
  { rows, pageSize, reach, now, row, members }: ListingShape<T>,
): Response {
  const skip = query.whole('skip') ?? 0
  const top = Math.min(query.whole('top') ?? pageSize, pageSize)
  const end = Math.min(skip + top, matches.total, reach)
  if (skip >= end) return empty(204)
  const links = {
    self: linkTo(url, skip, top),
    ...(end < matches.total && { next: linkTo(url, end, top) }),
    ...(skip > 0 && { previous: linkTo(url, Math.max(0, skip - top), top) }),
  }
  return json(200, {
    businessUnitId: BUSINESS_UNIT,
    _links: links,
    lastPollTime: iso(now),
    totalRecords: matches.total,
    ...members,
    [rows]: matches.slice(skip, end).map(row),
  })
}

/** A row with these fields alone; with all when none are named. */
export function projection(
  fields: readonly string[] | undefined,
): (row: Record<string, unknown>) => Record<string, unknown> {
  if (fields === undefined) return (row) => row
  return (row) => {
    const projected: Record<string, unknown> = {}
    for (const name of fields) projected[name] = row[name]
    return projected
  }
}

function linkTo(url: URL, skip: number, top: number): string {
  const link = new URL(url)
  link.searchParams.set('skip', String(skip))
  link.searchParams.set('top', String(top))
  return link.href
}

import { json } from '../platform/responses.js'
import { ApiRefusal } from './responses.js'

/** A page number and size, as Genesys' entity listings take them. */
export interface Paging {
  readonly pageSize: number
  readonly pageNumber: number
}

/** Reads `pageSize` (default 25) and `pageNumber` (default 1). */
export function pagingOf(url: URL, maximum: number): Paging {
  return { pageSize: pageSizeOf(url, maximum), pageNumber: wholeParameter(url, 'pageNumber', 1) }
}

/** Reads `pageSize` alone, for a listing by cursor. */
export function pageSizeOf(url: URL, maximum: number, fallback = 25): number {
  const pageSize = wholeParameter(url, 'pageSize', fallback)
  if (pageSize <= maximum) return pageSize
  throw new ApiRefusal(400, 'invalid.query.param.value', `pageSize [${pageSize}] is over the maximum of ${maximum}.`)
}

function wholeParameter(url: URL, name: string, fallback: number): number {
  const text = url.searchParams.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value >= 1) return value
  throw new ApiRefusal(400, 'invalid.query.param.value', `${name} [${text}] is not a whole number from 1.`)
}

/** An array parameter, given as one comma-separated value, as several, or both. */
export function listParameter(url: URL, name: string): string[] {
  return url.searchParams
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
}

/** A page of an entity listing, its ten members in Genesys' order; links are relative and lead only to pages that exist. */
export function entityListing<T>(url: URL, paging: Paging, all: readonly T[], toEntity: (item: T) => object): Response {
  const { pageSize, pageNumber } = paging
  const pageCount = Math.ceil(all.length / pageSize)
  const first = (pageNumber - 1) * pageSize
  return json(200, {
    entities: all.slice(first, first + pageSize).map((item) => toEntity(item)),
    pageSize,
    pageNumber,
    total: all.length,
    firstUri: linkTo(url, pageSize, 1),
    selfUri: linkTo(url, pageSize, pageNumber),
    ...(pageNumber < pageCount && { nextUri: linkTo(url, pageSize, pageNumber + 1) }),
    ...(pageNumber > 1 && pageNumber <= pageCount + 1 && { previousUri: linkTo(url, pageSize, pageNumber - 1) }),
    lastUri: linkTo(url, pageSize, Math.max(pageCount, 1)),
    pageCount,
  })
}

function linkTo(url: URL, pageSize: number, pageNumber: number): string {
  const parameters = new URLSearchParams(url.searchParams)
  parameters.set('pageSize', String(pageSize))
  parameters.set('pageNumber', String(pageNumber))
  return `${url.pathname}?${parameters.toString()}`
}

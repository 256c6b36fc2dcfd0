import type { EverbearerError } from '../base/errors.js'
import { checkSignal, invalidOption, knownOptions } from '../base/options.js'
import { ownMembers } from '../base/own-members.js'

/** What every call takes that goes through pages. */
export interface PagingOptions {
  pageSize?: number | undefined
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** The names of {@link PagingOptions}. */
export const PAGING = { pageSize: true, checkpoint: true, signal: true } as const

/** The options of such a call, with a page size. Throws {@link EverbearerError} `invalid_option`. */
export function pagingOptions<T extends PagingOptions>(
  options: T,
  whose: string,
  names: Readonly<Record<Exclude<Extract<keyof T, string>, keyof PagingOptions>, unknown>>,
  { most, usual = most }: { most: number; usual?: number },
): T & { pageSize: number } {
  const own = knownOptions(options, whose, { ...PAGING, ...names } as Readonly<Record<keyof T, unknown>>)
  const { pageSize = Math.min(usual, most), signal } = own
  if (!(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= most)) {
    throw invalidOption('pageSize', `must be a whole number from 1 to ${most}`)
  }
  checkSignal(signal)
  return ownMembers({ ...own, pageSize })
}

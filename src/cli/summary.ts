import pc from 'picocolors'

import { EverbearerError } from '../base/errors.js'
import type { Absorbed } from './absorbed.js'
import type { Organization } from './organization.js'
import type { Expected, Platform } from './platform.js'

/** What the job did. Figures that only a simulator can know are null for a real organization. */
export interface Summary {
  readonly platform: Platform['name']
  readonly conversations: number
  readonly expected: number | null
  readonly missing: number | null
  readonly duplicates: number
  readonly users: number
  readonly expectedUsers: number | null
  readonly pages: number
  readonly tokenRequests: number
  readonly unauthorizedAbsorbed: number
  readonly rateLimitsWaited: number
  readonly serverErrorsRetried: number
  readonly errorsSurfaced: number
  readonly elapsedMs: number
  /** Not part of the figures: what surfaced. */
  readonly errors: readonly Error[]
}

/** Holds what was read against what there was. */
export function compare(
  platform: Platform['name'],
  read: Expected,
  expected: Expected | undefined,
  absorbed: Absorbed,
  errors: readonly Error[],
  elapsedMs: number,
): Summary {
  const conversations = new Set(read.conversationIds)
  const users = new Set(read.userIds)
  const missing = (there: readonly string[], seen: ReadonlySet<string>) => there.filter((id) => !seen.has(id)).length
  return {
    platform,
    conversations: read.conversationIds.length,
    expected: expected?.conversationIds.length ?? null,
    missing: expected ? missing(expected.conversationIds, conversations) + missing(expected.userIds, users) : null,
    duplicates: read.conversationIds.length - conversations.size + read.userIds.length - users.size,
    users: read.userIds.length,
    expectedUsers: expected?.userIds.length ?? null,
    pages: absorbed.pages,
    tokenRequests: absorbed.tokenRequests,
    unauthorizedAbsorbed: absorbed.unauthorized,
    rateLimitsWaited: absorbed.rateLimits,
    serverErrorsRetried: absorbed.serverErrors,
    errorsSurfaced: errors.length,
    elapsedMs,
    errors,
  }
}

/** Nothing missing, nothing doubled, nothing surfaced. */
export function succeeded({ missing, duplicates, errorsSurfaced }: Summary): boolean {
  return (missing ?? 0) === 0 && duplicates === 0 && errorsSurfaced === 0
}

export function toJson({ errors: _errors, ...figures }: Summary): string {
  return JSON.stringify(figures)
}

/** For a person to read. */
export function toText(summary: Summary, { simulated, platform: { words } }: Organization): string {
  const figure = (value: number) => pc.bold(value.toLocaleString('en'))
  const of = (value: number, total: number | null) =>
    total === null ? figure(value) : `${figure(value)} of ${total.toLocaleString('en')}`
  const verdict = succeeded(summary)
    ? pc.green(
        simulated
          ? 'Complete: nothing missing, nothing doubled, no error surfaced.'
          : 'Complete: nothing doubled, no error surfaced.',
      )
    : pc.red('Not complete.')
  return [
    '',
    `  ${words.conversations.padEnd(21)} ${of(summary.conversations, summary.expected)}`,
    `  ${words.users.padEnd(21)} ${of(summary.users, summary.expectedUsers)}`,
    `  pages                 ${figure(summary.pages)} in ${figure(Math.round(summary.elapsedMs / 100) / 10)} s`,
    `  missing, doubled      ${summary.missing === null ? 'not known' : figure(summary.missing)}, ${figure(summary.duplicates)}`,
    `  token requests        ${figure(summary.tokenRequests)}, tries while the server was down among them`,
    `  401s absorbed         ${figure(summary.unauthorizedAbsorbed)}`,
    `  429s waited for       ${figure(summary.rateLimitsWaited)}`,
    `  5xx and cuts retried  ${figure(summary.serverErrorsRetried)}`,
    `  errors surfaced       ${figure(summary.errorsSurfaced)}`,
    '',
    `  ${verdict}`,
    ...summary.errors.map((error) => `  ${pc.red(describe(error))}`),
    '',
  ].join('\n')
}

/** An error's own words, with its code and where to go on. */
export function describe(error: Error): string {
  if (!(error instanceof EverbearerError)) return `${error.name}: ${error.message}`
  return `${error.code}: ${error.message}${error.checkpoint === undefined ? '' : ` Checkpoint: ${error.checkpoint}`}`
}

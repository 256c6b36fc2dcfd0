import type { Place } from '../platform/calendar.js'
import type { AcdQuery } from './acd-query.js'
import type { ContactFilter } from './contact-search.js'

const WHOLE = ['mediaTypeId', 'mediaSubTypeId', 'skillId', 'campaignId', 'agentId', 'teamId']
const TEXT = ['mediaSubTypeName', 'toAddress', 'fromAddress']
const TRUTH = ['isLogged', 'isRefused', 'isTakeover', 'analyticsProcessed']

/** The parameters that pick contacts by what they are. */
export const FILTERS = [...WHOLE, ...TEXT, ...TRUTH]

/** Reads these parameters: a contact passes whose fields have all these values. Undefined when there are none. */
export function contactFilter(
  query: AcdQuery,
  rowAt: (place: Place, now: number) => Record<string, unknown>,
): ContactFilter | undefined {
  const wanted = [
    ...WHOLE.map((name) => [name, query.whole(name)] as const),
    ...TEXT.map((name) => [name, query.text(name)] as const),
    ...TRUTH.map((name) => [name === 'analyticsProcessed' ? 'isAnalyticsProcessed' : name, query.truth(name)] as const),
  ].filter(([, value]) => value !== undefined)
  if (wanted.length === 0) return undefined
  return {
    key: JSON.stringify(wanted),
    passes: (place, now) => {
      const row = rowAt(place, now)
      return wanted.every(([name, value]) => row[name] === value)
    },
  }
}

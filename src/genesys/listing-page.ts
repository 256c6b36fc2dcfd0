import { issue } from '../platform/listing-page.js'
import type { PageDialect } from '../platform/listing-page.js'

/** All that an answer of Genesys Cloud may say of the next rows. */
export interface GenesysHints {
  /** How many rows there are on all pages. */
  readonly total: number | undefined
  readonly pageNumber: number | undefined
  readonly pageCount: number | undefined
  readonly cursor: string | undefined
  readonly nextUri: string | undefined
}

const USUAL_MEMBERS = ['entities', 'results', 'conversations']

export const genesysPage: PageDialect<GenesysHints> = {
  usualPlace: `under ${USUAL_MEMBERS.join(', ')}`,
  totals: ['total', 'totalHits', 'totalResults'],

  rowsMember(answer) {
    return USUAL_MEMBERS.find((name) => answer[name] != null)
  },

  hints(answer, total) {
    const numbers = { pageNumber: answer['pageNumber'] ?? undefined, pageCount: answer['pageCount'] ?? undefined }
    for (const [name, value] of Object.entries(numbers)) {
      if (value !== undefined && !Number.isSafeInteger(value)) return issue([name], 'expected a whole number')
    }
    if (Number(numbers.pageNumber) < 1) return issue(['pageNumber'], 'expected pages to count from 1')
    const links = { cursor: answer['cursor'] ?? undefined, nextUri: answer['nextUri'] ?? undefined }
    for (const [name, value] of Object.entries(links)) {
      if (value !== undefined && typeof value !== 'string') return issue([name], 'expected a string')
    }
    return { value: { ...numbers, ...links, total } as GenesysHints }
  },
}

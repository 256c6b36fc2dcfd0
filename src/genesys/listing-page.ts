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

  rowsMember(response) {
    return USUAL_MEMBERS.find((name) => response[name] != null)
  },

  hints(response, total) {
    const numbers = { pageNumber: response['pageNumber'] ?? undefined, pageCount: response['pageCount'] ?? undefined }
    for (const [name, value] of Object.entries(numbers)) {
      if (value !== undefined && !Number.isSafeInteger(value)) return issue([name], 'expected a whole number')
    }
    if (Number(numbers.pageNumber) < 1) return issue(['pageNumber'], 'expected pages to count from 1')
    const links = { cursor: response['cursor'] ?? undefined, nextUri: response['nextUri'] ?? undefined }
    for (const [name, value] of Object.entries(links)) {
      if (value !== undefined && typeof value !== 'string') return issue([name], 'expected a string')
    }
    return { value: { ...numbers, ...links, total } as GenesysHints }
  },
}

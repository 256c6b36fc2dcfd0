import type { Place } from '../platform/calendar.js'
import type { Interval } from '../platform/days.js'
import { ANY_TIME, type ContactSearch } from './contact-search.js'
import type { Contacts } from './contacts.js'
import type { Table } from './table.js'

/** What is extracted for some days, as far as the data reached at a moment. */
export type Extraction = (days: Interval, dataAvailable: number) => Table

const VERSION = '1'

const CONTACT_COLUMNS = [
  'contactId masterContactId contactStartDate totalDurationSeconds mediaTypeName isOutbound fromAddress toAddress firstName',
  'lastName agentId teamName skillName campaignName abandoned inQueueSeconds agentSeconds endReason dispositionNotes',
].flatMap((line) => line.split(' '))

const TAG_COLUMNS = ['contactId', 'tagId', 'tagName']

/**
 * What the Data Extraction API can be asked for: `contacts` and `contact-tags`, both in version 1, of the contacts that
 * started on the days asked for and were over by the time that the data reach to.
 */
export class ExtractionTables {
  readonly #search: ContactSearch
  readonly #contacts: Contacts
  readonly contacts: Extraction = this.#extraction(CONTACT_COLUMNS, (contact) => [contact])
  readonly #tags = this.#extraction(TAG_COLUMNS, ({ tags }) => tags as Record<string, unknown>[])

  constructor(search: ContactSearch, contacts: Contacts) {
    this.#search = search
    this.#contacts = contacts
  }

  /** Undefined when there is no such entity, or not in this version. */
  find(entityName: string, version = VERSION): Extraction | undefined {
    if (version !== VERSION) return undefined
    return entityName === 'contacts' ? this.contacts : entityName === 'contact-tags' ? this.#tags : undefined
  }

  #extraction(
    columns: readonly string[],
    rowsOf: (contact: Record<string, unknown>) => readonly Record<string, unknown>[],
  ): Extraction {
    return ({ start, end }, dataAvailable) => {
      const ranges = { ...ANY_TIME, startedFrom: start, startedBefore: end }
      const contact = (place: Place) => this.#contacts.row(place, dataAvailable)
      const matches = () => this.#search.completed(ranges, dataAvailable)
      return {
        columns,
        *rows() {
          for (const place of matches()) {
            for (const row of rowsOf(contact(place))) yield columns.map((name) => cell(row[name]))
          }
        },
      }
    }
  }
}

function cell(value: unknown): string {
  return value === undefined ? '' : `${value as string | number | boolean}`
}

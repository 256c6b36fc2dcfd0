import { completedContacts, contactsPosition } from '../../src/cxone/contact-ranges.js'
import type { ContactsPosition, ContactsQuery } from '../../src/cxone/contact-ranges.js'
import { PollTime } from '../../src/cxone/poll-time.js'
import type { OffsetPage } from '../../src/paging/pages-by-offset.js'
import type { Interval } from '../../src/platform/interval.js'

/** A contact, by the moment that a range of dates finds it by. */
export interface Contact {
  readonly contactId: number
  readonly at: number
}

/** One request for a page. */
export interface Asked {
  readonly range: Interval | null
  readonly skip: number
  readonly top: number
}

/** What NICE does not say: how its API may go about it. */
export interface Manners {
  /** Whether a range holds what is at its start, and at its end. */
  readonly ends: readonly [boolean, boolean]
  /** What is added to the true total; absent: no total is told. */
  readonly totalOff?: number | undefined
  /** Rows a page at most, whatever is asked for. */
  readonly mostTop: number
  /** Rows that can be skipped to, and no more. */
  readonly depth: number
  readonly order: 'contactId' | 'at' | 'descending'
}

/** Answers ranges of dates out of a list, and not by our own way to cut them. */
export class ContactLedger implements ContactsQuery<Contact> {
  readonly asked: Asked[] = []
  readonly pollTime = new PollTime({})
  readonly pageSize: number
  readonly mostRows: number
  readonly manners: Manners
  contacts: readonly Contact[]

  constructor(
    contacts: readonly Contact[],
    { pageSize, mostRows }: { pageSize: number; mostRows: number },
    manners: Partial<Manners> = {},
  ) {
    this.contacts = contacts
    this.pageSize = pageSize
    this.mostRows = mostRows
    this.manners = { ends: [true, false], totalOff: 0, mostTop: Infinity, depth: Infinity, order: 'at', ...manners }
  }

  find(range: Interval | null): Contact[] {
    const [withStart, withEnd] = this.manners.ends
    const { start, end } = range ?? { start: -Infinity, end: Infinity }
    const found = this.contacts.filter(
      ({ at }) => (at > start || (withStart && at === start)) && (at < end || (withEnd && at === end)),
    )
    const key = this.manners.order === 'contactId' ? 'contactId' : 'at'
    found.sort((a, b) => a[key] - b[key] || a.contactId - b.contactId)
    return this.manners.order === 'descending' ? found.reverse() : found
  }

  fetchPage(range: Interval | null, skip: number, top: number): Promise<OffsetPage<Contact>> {
    this.asked.push({ range, skip, top })
    const { mostTop, depth, totalOff } = this.manners
    const found = this.find(range)
    const rows = found.slice(0, depth).slice(skip, skip + Math.min(top, mostTop))
    // As with a 204.
    if (rows.length === 0) return Promise.resolve({ rows })
    return Promise.resolve({ rows, total: totalOff === undefined ? undefined : Math.max(0, found.length + totalOff) })
  }
}

/** A row, and what a checkpoint after it would hold. */
export interface Read {
  readonly id: number
  readonly position: ContactsPosition
}

/** Reads to the end. Positions are written out and read again, as in a checkpoint. */
export async function read(
  query: ContactsQuery<Contact>,
  interval: Interval | null,
  from?: ContactsPosition,
): Promise<Read[]> {
  const rows: Read[] = []
  for await (const page of completedContacts(query, interval, from)) {
    for (const [index, { contactId: id }] of page.rows.entries()) {
      const position = contactsPosition(JSON.parse(JSON.stringify(page.after(index))), interval)
      rows.push({ id, position })
    }
  }
  return rows
}

export function idsOf(rows: readonly Read[]): number[] {
  return rows.map(({ id }) => id)
}

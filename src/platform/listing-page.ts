import { ownMembers } from '../base/own-members.js'
import type { StandardSchema } from '../client/standard-schema.js'
import { writeJson } from '../protocol/json.js'

/** A row, and what it is known by, if anything. */
export interface ListedRow<Row> {
  readonly row: Row
  readonly id: string | undefined
}

/** The rows of one answer of a listing. */
export interface ListedRows<Row> {
  readonly rows: readonly ListedRow<Row>[]
  /** Their ids, and rows without one, in no order: tells the page from another, unless rows nest without an end. */
  readonly content: string | undefined
}

/** One answer of a listing: its rows, and all that it says of the next ones. */
export type ListingPage<Row, Hints> = ListedRows<Row> & Hints

/** Where the rows of a listing are, and what they are. */
export interface RowsOptions<Row> {
  readonly rows: string | undefined
  readonly rowId: string | undefined
  readonly schema: StandardSchema<Row> | undefined
}

/** How a platform answers a listing. */
export interface PageDialect<Hints> {
  /** The member that the rows are under, when nobody names it. */
  rowsMember(response: ResponseBody): string | undefined
  /** Where that looked, for whom it finds nothing. */
  readonly usualPlace: string
  /** The members that count all rows there are, by any of which 0 means that the rows may be left out. */
  readonly totals: readonly string[]
  /** All that such an answer may say of the next rows. */
  hints(response: ResponseBody, total: number | undefined): Validated<Hints>
}

/** An answer's own members. */
export type ResponseBody = Readonly<Record<string, unknown>>
export type Validated<Output> = Awaited<ReturnType<StandardSchema<Output>['~standard']['validate']>>
type Issues = Extract<Validated<never>, { issues: readonly unknown[] }>['issues']

/** Reads what any listing of a platform answers. What cannot be told from it is an issue, and never an end. */
export function listingPage<Row, Hints>(
  options: RowsOptions<Row>,
  dialect: PageDialect<Hints>,
): StandardSchema<ListingPage<Row, Hints>> {
  return {
    '~standard': {
      version: 1,
      vendor: 'everbearer',
      validate: (response) => readPage(response as ResponseBody, options, dialect),
    },
  }
}

interface Faults {
  readonly issues: Issues
}

export function issue(path: readonly (string | number)[], message: string): Faults {
  return { issues: [{ path, message }] }
}

async function readPage<Row, Hints>(
  given: ResponseBody,
  options: RowsOptions<Row>,
  dialect: PageDialect<Hints>,
): Promise<Validated<ListingPage<Row, Hints>>> {
  if (typeof given !== 'object' || given === null) return issue([], 'is no listing: expected an object')
  const response = ownMembers(given)
  const total = dialect.totals.map((name) => response[name]).find((value) => typeof value === 'number')
  const hints = dialect.hints(response, total)
  if (hints.issues) return hints
  const read = await readRows(response, options, dialect)
  return read.issues ? read : { value: { ...read.value, ...hints.value } }
}

async function readRows<Row>(
  response: ResponseBody,
  options: RowsOptions<Row>,
  { rowsMember, usualPlace, totals }: PageDialect<unknown>,
): Promise<Validated<ListedRows<Row>>> {
  const name = options.rows ?? rowsMember(response)
  if (name === undefined || response[name] == null) {
    // The rows are left out where there are none: `{}`, or a total of 0.
    const isEmpty = Object.keys(response).length === 0 || totals.some((total) => response[total] === 0)
    if (isEmpty) return { value: { rows: [], content: '' } }
    const place = options.rows === undefined ? usualPlace : `under ${options.rows}`
    return issue([], `has no rows ${place}: option \`rows\` names another member; request() takes all`)
  }
  const list = response[name]
  if (!Array.isArray(list)) return issue([name], 'expected a list of rows')
  const identified = identify(list, options.rowId)
  if ('issues' in identified) return within(name, identified.issues)
  const { ids } = identified
  const content = list.map((row, index) => writeJson(ids[index] ?? row))
  const rows: ListedRow<Row>[] = []
  for (const [index, row] of (list as unknown[]).entries()) {
    const read = (await options.schema?.['~standard'].validate(row)) ?? { value: row as Row }
    if (read.issues) return within(name, within(index, read.issues).issues)
    rows.push({ row: read.value, id: ids[index] })
  }
  return { value: { rows, content: content.includes(undefined) ? undefined : content.sort().join() } }
}

/** Returns the id of each row, or what contradicts that it is one. */
function identify(list: readonly unknown[], rowId: string | undefined): { ids: (string | undefined)[] } | Faults {
  const ids: (string | undefined)[] = []
  const rowOf = new Map<string, unknown>()
  for (const [index, row] of list.entries()) {
    const id = idOf(row, rowId ?? 'id')
    if (id === undefined && rowId !== undefined) {
      return issue([index, rowId], 'expected a text or a whole number, as option `rowId` says')
    }
    if (id !== undefined && rowId === undefined && !isSame(rowOf.get(id) ?? row, row)) {
      return issue([index, 'id'], 'is that of another row too: option `rowId` names what tells rows apart')
    }
    if (id !== undefined) rowOf.set(id, row)
    ids.push(id)
  }
  return { ids }
}

/** The same faults, seen from the member that holds what they are in. */
function within(name: string | number, issues: Issues): Faults {
  return { issues: issues.map(({ message, path = [] }) => ({ message, path: [name, ...path] })) }
}

function idOf(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, name)) return undefined
  const id = (row as ResponseBody)[name]
  // Nothing tells rows apart that is empty, or too long a number for JavaScript.
  return (typeof id === 'string' && id !== '') || Number.isSafeInteger(id) ? String(id) : undefined
}

function isSame(one: unknown, other: unknown): boolean {
  const text = writeJson(one)
  return one === other || (text !== undefined && text === writeJson(other))
}

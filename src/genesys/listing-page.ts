import { ownMembers } from '../base/own-members.js'
import type { StandardSchema } from '../http/standard-schema.js'
import { writeJson } from '../protocol/json.js'

/** A row, and what it is known by, if anything. */
export interface ListedRow<Row> {
  readonly row: Row
  readonly id: string | undefined
}

/** One answer of a listing: its rows, and all that such an answer may say of the next ones. */
export interface ListingPage<Row> {
  readonly rows: readonly ListedRow<Row>[]
  /** Its ids, and rows without one, in no order: tells it from another page, unless rows nest without an end. */
  readonly content: string | undefined
  /** How many rows there are on all pages. */
  readonly total: number | undefined
  readonly pageNumber: number | undefined
  readonly pageCount: number | undefined
  readonly cursor: string | undefined
  readonly nextUri: string | undefined
}

/** Where the rows of a listing are, and what they are. */
export interface RowsOptions<Row> {
  readonly rows: string | undefined
  readonly rowId: string | undefined
  readonly schema: StandardSchema<Row> | undefined
}

type Answer = Readonly<Record<string, unknown>>
type Validated<Output> = Awaited<ReturnType<StandardSchema<Output>['~standard']['validate']>>
type Issues = Extract<Validated<never>, { issues: readonly unknown[] }>['issues']

const USUAL_MEMBERS = ['entities', 'results', 'conversations']
const TOTALS = ['total', 'totalHits', 'totalResults']

/** Reads what any listing of Genesys Cloud answers. What cannot be told from it is an issue, and never an end. */
export function listingPage<Row>(options: RowsOptions<Row>): StandardSchema<ListingPage<Row>> {
  return {
    '~standard': { version: 1, vendor: 'everbearer', validate: (answer) => readPage(answer as Answer, options) },
  }
}

async function readPage<Row>(given: Answer, options: RowsOptions<Row>): Promise<Validated<ListingPage<Row>>> {
  if (typeof given !== 'object' || given === null) return issue([], 'is no listing: expected an object')
  const answer = ownMembers(given)
  const numbers = { pageNumber: answer['pageNumber'] ?? undefined, pageCount: answer['pageCount'] ?? undefined }
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && !Number.isSafeInteger(value)) return issue([name], 'expected a whole number')
  }
  if (Number(numbers.pageNumber) < 1) return issue(['pageNumber'], 'expected pages to count from 1')
  const links = { cursor: answer['cursor'] ?? undefined, nextUri: answer['nextUri'] ?? undefined }
  for (const [name, value] of Object.entries(links)) {
    if (value !== undefined && typeof value !== 'string') return issue([name], 'expected a string')
  }
  const total = TOTALS.map((name) => answer[name]).find((value) => typeof value === 'number')
  const read = await readRows(answer, options)
  return read.issues ? read : { value: { ...read.value, ...numbers, ...links, total } as ListingPage<Row> }
}

async function readRows<Row>(
  answer: Answer,
  options: RowsOptions<Row>,
): Promise<Validated<Pick<ListingPage<Row>, 'rows' | 'content'>>> {
  const names = options.rows === undefined ? USUAL_MEMBERS : [options.rows]
  const name = names.find((one) => answer[one] != null)
  if (name === undefined) {
    if (isKnownEmpty(answer)) return { value: { rows: [], content: '' } }
    return issue([], `has no rows under ${names.join(', ')}: option \`rows\` names another member; request() takes all`)
  }
  const list = answer[name]
  if (!Array.isArray(list)) return issue([name], 'expected a list of rows')
  const rows: ListedRow<Row>[] = []
  const content: (string | undefined)[] = []
  /** The row that has an id first. */
  const first = new Map<string, unknown>()
  for (const [index, row] of (list as unknown[]).entries()) {
    const id = idOf(row, options.rowId ?? 'id')
    if (id === undefined && options.rowId !== undefined) {
      return issue([name, index, options.rowId], 'expected a text or a whole number, as option `rowId` says')
    }
    if (id !== undefined && options.rowId === undefined && !isSame(first.get(id) ?? row, row)) {
      return issue([name, index, 'id'], 'is that of another row too: option `rowId` names what tells rows apart')
    }
    if (id !== undefined) first.set(id, row)
    content.push(writeJson(id ?? row))
    const read = (await options.schema?.['~standard'].validate(row)) ?? { value: row as Row }
    if (read.issues) {
      const issues = read.issues.map(({ message, path = [] }) => ({ message, path: [name, index, ...path] }))
      return { issues }
    }
    rows.push({ row: read.value, id })
  }
  return { value: { rows, content: content.includes(undefined) ? undefined : content.sort().join() } }
}

/** Genesys leaves the rows out where there are none: `{}`, or a total of 0. */
function isKnownEmpty(answer: Answer): boolean {
  return Object.keys(answer).length === 0 || TOTALS.some((name) => answer[name] === 0)
}

function idOf(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, name)) return undefined
  const id = (row as Answer)[name]
  // Nothing tells rows apart that is empty, or too long a number for JavaScript.
  return (typeof id === 'string' && id !== '') || Number.isSafeInteger(id) ? String(id) : undefined
}

function isSame(one: unknown, other: unknown): boolean {
  const text = writeJson(one)
  return one === other || (text !== undefined && text === writeJson(other))
}

function issue(path: readonly (string | number)[], message: string): { issues: Issues } {
  return { issues: [{ path, message }] }
}

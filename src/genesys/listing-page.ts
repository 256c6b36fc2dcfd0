import { ownMembers } from '../base/own-members.js'
import type { StandardSchema } from '../http/standard-schema.js'

/** A row, and what it is known by, if anything. */
export interface ListedRow<Row> {
  readonly row: Row
  readonly id: string | undefined
}

/** One answer of a listing: its rows, and all that such an answer may say of the next ones. */
export interface ListingPage<Row> {
  readonly rows: readonly ListedRow<Row>[]
  /** The rows that have no id, as they came: all that tells such a page from another. */
  readonly nameless: string
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
  const read = await readRows(answer, options)
  return read.issues ? read : { value: { ...read.value, ...numbers, ...links } as ListingPage<Row> }
}

async function readRows<Row>(
  answer: Answer,
  options: RowsOptions<Row>,
): Promise<Validated<Pick<ListingPage<Row>, 'rows' | 'nameless'>>> {
  const names = options.rows === undefined ? USUAL_MEMBERS : [options.rows]
  const name = names.find((one) => answer[one] != null)
  if (name === undefined) {
    if (isKnownEmpty(answer)) return { value: { rows: [], nameless: '' } }
    return issue([], `has no rows under ${names.join(', ')}: option \`rows\` names another member; request() takes all`)
  }
  const list = answer[name]
  if (!Array.isArray(list)) return issue([name], 'expected a list of rows')
  const rows: ListedRow<Row>[] = []
  const nameless: unknown[] = []
  for (const [index, row] of (list as unknown[]).entries()) {
    const id = idOf(row, options.rowId ?? 'id')
    if (id === undefined && options.rowId !== undefined) {
      return issue([name, index, options.rowId], 'expected a string or a number, as option `rowId` says')
    }
    if (id === undefined) nameless.push(row)
    const read = (await options.schema?.['~standard'].validate(row)) ?? { value: row as Row }
    if (read.issues) {
      const issues = read.issues.map(({ message, path = [] }) => ({ message, path: [name, index, ...path] }))
      return { issues }
    }
    rows.push({ row: read.value, id })
  }
  return { value: { rows, nameless: nameless.length === 0 ? '' : JSON.stringify(nameless) } }
}

/** Genesys leaves the rows out where there are none: `{}`, or a total of 0. */
function isKnownEmpty(answer: Answer): boolean {
  return Object.keys(answer).length === 0 || answer['total'] === 0 || answer['totalHits'] === 0
}

function idOf(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, name)) return undefined
  const id = (row as Answer)[name]
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

function issue(path: readonly (string | number)[], message: string): { issues: Issues } {
  return { issues: [{ path, message }] }
}

import type { Parser } from 'csv-parse'

import { ApiError } from '../base/errors.js'

/** Far above any row of a report: a quote that never ends must not fill the memory. */
const MAX_ROW = 4 * 1024 * 1024

/**
 * The rows of a CSV file (RFC 4180, UTF-8) whose first line names the columns, as texts. It reads no faster than its
 * caller, and hands out what came before the bytes broke off. Throws {@link ApiError} `api_response_invalid` for what is no such file, and
 * what the bytes end with; no message holds a cell.
 */
export async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Record<string, string>, void, undefined> {
  // Whoever exports nothing does not load it.
  const { CsvError, parse } = await import('csv-parse')
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: MAX_ROW })
  let columns: readonly string[] | undefined
  let line = 0
  try {
    for await (const cells of cellsOf(parser, bytes)) {
      line += 1
      if (columns === undefined) columns = checkedColumns(cells)
      else if (cells.length === columns.length) yield rowOf(columns, cells)
      else if (!isBlank(cells)) throw invalid(`has ${cells.length} cells in row ${line}, and ${columns.length} columns`)
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Its message quotes what it could not read.
    throw invalid(`cannot be read after row ${line} (${error.code})`)
  }
}

/** Not by `pipeline`, which throws away what was read and not yet taken when the bytes break off. */
async function* cellsOf(
  parser: Parser,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void, undefined> {
  // It is told by what is written next, or by the end.
  parser.on('error', () => undefined)
  for await (const chunk of bytes) {
    const written = new Promise<void>((resolve, reject) =>
      parser.write(chunk, (error) => (error ? reject(error) : resolve())),
    )
    // Whoever leaves does not wait for it.
    written.catch(() => undefined)
    yield* taken(parser)
    await written
  }
  parser.end()
  yield* parser as AsyncIterable<readonly string[]>
}

/** What the parser has read so far. */
function* taken(parser: Parser): Generator<readonly string[], void, undefined> {
  for (let cells: unknown = parser.read(); cells !== null; cells = parser.read()) yield cells as readonly string[]
}

function checkedColumns(names: readonly string[]): readonly string[] {
  if (new Set(names).size < names.length) throw invalid('has two columns of one name')
  return names
}

/** Whatever a column is called, `__proto__` too, it is a member of the row and no more. */
function rowOf(columns: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((name, place) => [name, cells[place] as string]))
}

/** Of a file with one column it would be a row. */
function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0] === ''
}

function invalid(what: string): ApiError {
  return new ApiError('api_response_invalid', `The file of the result ${what}: it is not CSV as in RFC 4180.`)
}

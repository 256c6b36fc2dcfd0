/** How many characters of a body are made at a time, about. */
const CHUNK = 16_384

/** Columns, and rows of as many cells each. */
export interface Table {
  readonly columns: readonly string[]
  /** From the first, each time anew. */
  readonly rows: () => Iterable<readonly string[]>
}

/** A table as CSV, made row by row as fast as it is read. */
export function csvBody({ columns, rows }: Table): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const left = rows()[Symbol.iterator]()
  let text = csvLine(columns)
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      let row = left.next()
      while (!row.done) {
        text += csvLine(row.value)
        if (text.length >= CHUNK) break
        row = left.next()
      }
      controller.enqueue(encoder.encode(text))
      text = ''
      if (row.done) controller.close()
    },
  })
}

/** RFC 4180: what holds a comma, a quote or a line break is quoted. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
  return `${quoted.join(',')}\r\n`
}

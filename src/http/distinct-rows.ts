import type { Page } from './iteration.js'

/** The same pages without the rows that came before, by their id: a row may move to a later page while a listing goes on. */
export async function* distinctRows<Row, Position>(
  pages: AsyncIterable<Page<Row, Position>>,
  idOf: (row: Row) => string,
): AsyncGenerator<Page<Row, Position>, void, undefined> {
  const seen = new Set<string>()
  for await (const page of pages) {
    const rows: Row[] = []
    /** For each new row, its place in the page as it came. */
    const places: number[] = []
    for (const [place, row] of page.rows.entries()) {
      const id = idOf(row)
      if (seen.has(id)) continue
      seen.add(id)
      rows.push(row)
      places.push(place)
    }
    yield { ...page, rows, after: (index) => page.after(places[index] as number) }
  }
}

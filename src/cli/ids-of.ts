/** What each row is known by. */
export async function* idsOf<Row>(rows: AsyncIterable<Row>, idOf: (row: Row) => string): AsyncGenerator<string> {
  for await (const row of rows) yield idOf(row)
}

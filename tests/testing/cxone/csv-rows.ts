/** The rows of a CSV by RFC 4180, by the names in its first line. */
export function csvRows(text: string): Record<string, string>[] {
  const [columns = [], ...rows] = csvCells(text)
  return rows.map((cells) => {
    if (cells.length !== columns.length) throw new Error(`${cells.length} cells in ${columns.length} columns`)
    return Object.fromEntries(columns.map((name, index) => [name, cells[index]!]))
  })
}

function csvCells(text: string): string[][] {
  if (!text.endsWith('\r\n')) throw new Error('the last line is not ended')
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

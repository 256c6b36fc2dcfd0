import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { chartOf } from './chart.js'
import type { Row } from './row.js'
import { cellsOf, HEAD } from './table.js'

/** Writes what a whole run came to into docs/: the tables of performance.md, the figures as JSON, and the chart. */
export async function publish(rows: readonly Row[], docs: string): Promise<void> {
  const page = join(docs, 'performance.md')
  const text = (await readFile(page, 'utf8')).replaceAll(
    /(<!-- ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, begin: string, section: string, end: string) =>
      `${begin}\n${markdownOf(rows.filter((row) => row.section === section))}\n\n${end}`,
  )
  const style = await resolveConfig(page)
  await writeFile(page, await format(text, { ...style, filepath: page }))
  const figures = JSON.stringify({ node: process.version, rows }, undefined, 2)
  await writeFile(join(docs, 'performance.json'), await format(figures, { ...style, parser: 'json' }))
  await writeFile(join(docs, 'performance.svg'), chartOf(rows))
}

function markdownOf(rows: readonly Row[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cellsOf)]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

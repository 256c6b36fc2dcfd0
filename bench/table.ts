import Table from 'cli-table3'
import type { Row } from './row.js'

/** The rows for a person: the figure, its interval, and what was promised. */
export function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', 'median', '95 %', 'bar', '', ''],
    style: { head: [], border: [], compact: true },
  })
  for (const { name, ratio, low, high, bar, atLeast, met, unit = '', detail = '' } of rows) {
    const interval = low === high ? '' : `${figure(low)} – ${figure(high)}`
    const promised = bar === undefined ? '' : `${atLeast ? '≥' : '≤'} ${figure(bar)}`
    const verdict = met === undefined ? '' : met ? 'met' : 'NOT MET'
    table.push([name, `${figure(ratio)} ${unit}`.trimEnd(), interval, promised, verdict, detail])
  }
  return table.toString()
}

/** Three digits that count, which is more than a benchmark knows. */
export function figure(value: number): string {
  if (Number.isInteger(value) || value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}

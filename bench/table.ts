import Table from 'cli-table3'
import type { Row } from './row.js'

export const HEAD = ['', 'median', '95 %', 'bar', '', '']

/** The rows for a person: the figure, its interval, and what was promised. */
export function tableOf(rows: readonly Row[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } })
  table.push(...rows.map(cellsOf))
  return table.toString()
}

export function cellsOf({ name, ratio, low, high, bar, atLeast, met, unit = '', detail = '' }: Row): string[] {
  const interval = low === high ? '' : `${figure(low)} – ${figure(high)}`
  const promised = bar === undefined ? '' : `${atLeast ? '≥' : '≤'} ${figure(bar)}`
  const verdict = met === undefined ? '' : met ? 'met' : 'NOT MET'
  return [name, `${figure(ratio)} ${unit}`.trimEnd(), interval, promised, verdict, detail]
}

/** Three digits that count, which is more than a benchmark knows. */
export function figure(value: number): string {
  if (Number.isInteger(value) || value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}

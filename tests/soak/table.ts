import type { Outcomes } from './load.js'
import type { Tenth } from './soak.js'

const COLUMNS: readonly (readonly [name: string, width: number, cell: (tenth: Tenth) => string])[] = [
  ['requests', 9, ({ requests }) => String(requests)],
  ['heap MB', 9, ({ heap }) => megabytes(heap)],
  ['external', 9, ({ external }) => megabytes(external)],
  ['resident', 9, ({ resident }) => megabytes(resident)],
  ['on signal', 9, ({ signalListeners }) => String(signalListeners)],
  ['on process', 10, ({ processListeners }) => String(processListeners)],
  ['timers', 7, ({ timers, requestTimers }) => `${timers}+${requestTimers}`],
  ['sockets', 8, ({ sockets }) => String(sockets)],
  ['tokens', 7, ({ tokenRequests }) => String(tokenRequests)],
  ['replays', 8, ({ replays }) => String(replays)],
]

export const header = `${COLUMNS.map(([name, width]) => name.padStart(width)).join(' ')}  not ok`

export function row(tenth: Tenth): string {
  const { ok: _, ...others } = tenth.outcomes
  return `${COLUMNS.map(([, width, cell]) => cell(tenth).padStart(width)).join(' ')}  ${listed(others)}`
}

export function listed(counts: Outcomes): string {
  return Object.entries(counts)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ')
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2)
}

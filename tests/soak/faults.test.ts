import { expect, it } from '@jest/globals'
import type { Count } from './census.js'
import { faultsOf } from './faults.js'
import type { Soaked, Tenth } from './soak.js'

const MILLION = 1_000_000
const NOTHING: Count = {
  heap: 12_000_000,
  external: 0,
  resident: 0,
  signalListeners: 0,
  processListeners: 7,
  timers: 0,
  requestTimers: 0,
  sockets: 0,
  keptAlive: 0,
  tokenRequests: 0,
  replays: 0,
}
const HEAP = [1, 2, 3].map((count) => ({ count: count * MILLION, bytes: 12_000_000 }))

/** A soak without a fault, but for what is said. */
function soaked({
  tenth = {},
  after = {},
  naked = 0,
  tokenRequests = 900,
  outcomes = {},
  recovered = true,
}: Parts): Soaked {
  const all = { ok: MILLION, ...outcomes }
  const tenths = Array.from({ length: 10 }, (_, i): Tenth => {
    const requests = (MILLION * (i + 1)) / 10
    return { ...NOTHING, requests, outcomes: all, ...(i === 4 && tenth) }
  })
  const served = { accepted: 0, refused: 0, naked, tokenRequests, mishaps: {} }
  return { started: MILLION, tenths, before: NOTHING, after: { ...NOTHING, ...after }, served, recovered }
}

interface Parts {
  tenth?: Partial<Count>
  after?: Partial<Count>
  naked?: number
  tokenRequests?: number
  recovered?: boolean
  outcomes?: Record<string, number>
}

const NOTHING_LEFT = { heap: HEAP, left: { timers: 0, listeners: 0 } }

it.each<[fault: string, parts: Parts]>([
  ['1 answers were wrong', { outcomes: { 'wrong answer': 1 } }],
  ['1 requests came without a token', { naked: 1 }],
  ['no request was answered well any more', { recovered: false }],
  ['100001 token requests were made', { tokenRequests: 100_001 }],
  ['4 timers of the manager were pending after 500000 requests', { tenth: { timers: 4 } }],
  ['1 timers of requests were pending after 500000 requests', { tenth: { requestTimers: 1 } }],
  ['73 sockets were open after 500000 requests', { tenth: { sockets: 73 } }],
  ['1 listeners were on the shared signal after 500000 requests', { tenth: { signalListeners: 1 } }],
  ['2 timers were left', { after: { timers: 1, requestTimers: 1 } }],
  ['1 keptAlive were left', { after: { keptAlive: 1 } }],
  ['1 sockets were left', { after: { sockets: 1 } }],
  ['1 listeners were left', { after: { processListeners: 8 } }],
])('a soak tells that %s', (fault, parts) => {
  expect(faultsOf(MILLION, soaked(parts), NOTHING_LEFT)).toEqual([fault])
})

it('a soak tells of requests that did not end, of a heap that grew, and of what exchanges left', () => {
  const fine = soaked({})
  expect(faultsOf(MILLION, fine, NOTHING_LEFT)).toEqual([])
  expect(faultsOf(MILLION + 1, fine, NOTHING_LEFT)).toEqual(['1000000 of 1000001 requests ended'])
  const tenths = fine.tenths.map((tenth) => ({ ...tenth, heap: tenth.requests * 10 }))
  expect(faultsOf(MILLION, { ...fine, tenths }, NOTHING_LEFT)).toEqual(['the heap grew with the requests'])
  const heap = HEAP.map(({ count }) => ({ count, bytes: count * 10 }))
  expect(faultsOf(MILLION, fine, { heap, left: { timers: 1, listeners: 0 } })).toEqual([
    'exchanges left 1 timers',
    'the heap grew with the exchanges',
  ])
})

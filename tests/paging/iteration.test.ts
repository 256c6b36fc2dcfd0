import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { getEventListeners } from 'node:events'
import { ApiError } from '../../src/base/errors.js'
import { Iteration } from '../../src/paging/iteration.js'
import type { Reading } from '../../src/paging/iteration.js'
import { cursorPosition, pagesByCursor } from '../../src/paging/pages-by-cursor.js'
import type { CursorPosition } from '../../src/paging/pages-by-cursor.js'
import { numberedPosition, pagesByNumber } from '../../src/paging/pages-by-number.js'

interface Listing {
  fetched: number[]
  open(checkpoint?: string, query?: unknown): Iteration<string>
}

/** A listing by page number over these pages; an Error in place of a page is thrown when that page is fetched. */
function numbered(pages: readonly (readonly string[] | Error)[]): Listing {
  const fetched: number[] = []
  const fetchPage = (page: number) => {
    fetched.push(page)
    const content = pages[page - 1] ?? []
    return 'message' in content ? Promise.reject(content) : Promise.resolve(content)
  }
  return {
    fetched,
    open: (checkpoint, query = null) =>
      new Iteration({
        subject: { endpoint: 'letters', query },
        checkpoint,
        readPosition: numberedPosition,
        pages: (from) => pagesByNumber(fetchPage, (row) => row, from),
      }),
  }
}

/** A listing by cursor: each page names the next by its place, in an opaque way. */
function byCursor(pages: readonly (readonly string[])[]): Pick<Listing, 'open'> {
  const name = (place: number) => `+/=${place}`
  const fetchPage = (cursor: string | undefined) => {
    const place = cursor === undefined ? 0 : Number(cursor.slice(3))
    return Promise.resolve({ rows: pages[place] ?? [], next: place + 1 < pages.length ? name(place + 1) : undefined })
  }
  return {
    open: (checkpoint) =>
      new Iteration({
        subject: { endpoint: 'letters', query: null },
        checkpoint,
        readPosition: cursorPosition,
        pages: (from) => pagesByCursor(fetchPage, from),
      }),
  }
}

async function all(iteration: Iteration<string>): Promise<string[]> {
  const rows: string[] = []
  for await (const row of iteration) rows.push(row)
  return rows
}

/** Reads so many rows, and then leaves the loop. */
async function take(iteration: Iteration<string>, count: number): Promise<string[]> {
  const rows: string[] = []
  if (count === 0) return rows
  for await (const row of iteration) if (rows.push(row) === count) break
  return rows
}

/** What a checkpoint holds. */
function decode(checkpoint: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(checkpoint, 'base64url').toString()) as Record<string, unknown>
}

/** Pages of rows that are all different, some of them empty. */
const distinctPages = (mayBeEmpty: boolean) =>
  fc
    .array(fc.integer({ min: mayBeEmpty ? 0 : 1, max: 4 }), { maxLength: 6 })
    .map((sizes) => sizes.map((size, page) => Array.from({ length: size }, (_, row) => `${page}.${row}`)))

describe('a listing by page number', () => {
  test('hands out every row of every page, and ends with an empty page, not with a short one', async () => {
    const listing = numbered([['a', 'b'], ['c'], ['d', 'e']])
    expect(await all(listing.open())).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(listing.fetched).toEqual([1, 2, 3, 4])
  })

  test('fetches nothing before it is iterated, and no further page than it is read', async () => {
    const listing = numbered([['a', 'b'], ['c']])
    const iteration = listing.open()
    expect(listing.fetched).toEqual([])
    await take(iteration, 2)
    expect(listing.fetched).toEqual([1])
  })

  test('hands out a row once that moved to a later page meanwhile', async () => {
    expect(await all(numbered([['a', 'b'], ['b', 'c'], ['d']]).open())).toEqual(['a', 'b', 'c', 'd'])
  })

  test('goes on after a page of which every row was handed out before', async () => {
    expect(await all(numbered([['a', 'b'], ['b', 'a'], ['c']]).open())).toEqual(['a', 'b', 'c'])
  })

  test('goes on after a page that begins with the same row because others moved in', async () => {
    expect(await all(numbered([['a'], ['a'], ['b']]).open())).toEqual(['a', 'b'])
  })

  test('does not go on for ever when the API ignores the page number', async () => {
    for (const pages of [
      [['a']],
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ]) {
      const listing = numbered(Array.from({ length: 100 }, (_, i) => pages[i % pages.length] ?? []))
      await expect(all(listing.open())).rejects.toMatchObject({ code: 'api_response_invalid' })
      expect(listing.fetched).toHaveLength(4)
    }
  })

  test('goes on from a checkpoint after any row with exactly the rest', async () => {
    await fc.assert(
      fc.asyncProperty(distinctPages(false), fc.nat(), async (pages, some) => {
        const listing = numbered(pages)
        const whole = pages.flat()
        const count = some % (whole.length + 1)
        const first = listing.open()
        expect(await take(first, count)).toEqual(whole.slice(0, count))
        expect(await all(listing.open(first.checkpoint()))).toEqual(whole.slice(count))
      }),
    )
  })
})

describe('a listing by cursor', () => {
  test('follows the cursors past an empty page to the page that names no next one', async () => {
    expect(await all(byCursor([['a'], [], ['b', 'c']]).open())).toEqual(['a', 'b', 'c'])
  })

  test.each([1, 2, 3])('does not go on for ever when the cursors go round in a circle of %d', async (length) => {
    let requests = 0
    const pages = pagesByCursor(() => Promise.resolve({ rows: ['a'], next: String(requests++ % length) }))
    const drain = async () => {
      for await (const page of pages) expect(page.rows).toEqual(['a'])
    }
    await expect(drain()).rejects.toMatchObject({ code: 'api_response_invalid' })
    expect(requests).toBe(length + 1)
  })

  test('goes on from a checkpoint after any row with exactly the rest', async () => {
    await fc.assert(
      fc.asyncProperty(distinctPages(true), fc.nat(), async (pages, some) => {
        const listing = byCursor(pages)
        const whole = pages.flat()
        const count = some % (whole.length + 1)
        const first = listing.open()
        expect(await take(first, count)).toEqual(whole.slice(0, count))
        expect(await all(listing.open(first.checkpoint()))).toEqual(whole.slice(count))
      }),
    )
  })
})

describe('an iteration', () => {
  test('is iterated once', async () => {
    const iteration = numbered([['a']]).open()
    await all(iteration)
    expect(() => iteration[Symbol.asyncIterator]()).toThrow(
      expect.objectContaining({
        code: 'iteration_reused',
        message: 'This was iterated before: make the call again for a second pass.',
      }),
    )
  })

  test('gives the place after the row that is in hand, though the page was fetched whole', async () => {
    const listing = numbered([['a', 'b', 'c']])
    const iteration = listing.open()
    for await (const row of iteration) {
      const rest = await all(listing.open(iteration.checkpoint()))
      expect(rest).toEqual(['a', 'b', 'c'].slice(['a', 'b', 'c'].indexOf(row) + 1))
    }
  })

  test('gives the place that it began at before its first row', async () => {
    const listing = numbered([['a', 'b']])
    const first = listing.open()
    await take(first, 1)
    const checkpoint = first.checkpoint()
    expect(listing.open(checkpoint).checkpoint()).toBe(checkpoint)
    expect(await all(listing.open(listing.open().checkpoint()))).toEqual(['a', 'b'])
  })

  test('throws an error in the middle, with the checkpoint of the last row that was handed out', async () => {
    const failure = new ApiError('api_server_error', 'The API is down.')
    const broken = numbered([['a', 'b'], failure])
    const rows: string[] = []
    const error = await (async () => {
      for await (const row of broken.open()) rows.push(row)
    })().catch((thrown: unknown) => thrown)
    expect(error).toBe(failure)
    expect(rows).toEqual(['a', 'b'])
    expect(await all(numbered([['a', 'b'], ['c']]).open(failure.checkpoint))).toEqual(['c'])
  })

  test('lets an error that is not ours through as it is', async () => {
    const failure = new DOMException('The user gave up.', 'AbortError')
    await expect(all(numbered([failure as Error]).open())).rejects.toBe(failure)
    expect(failure).not.toHaveProperty('checkpoint')
  })
})

/** A listing of which the second page never comes; it hears what becomes of its reading. */
function stalling(signal?: AbortSignal) {
  const readings: Reading[] = []
  const ended: unknown[] = []
  const iteration = new Iteration({
    subject: { endpoint: 'letters', query: null },
    signal,
    readPosition: cursorPosition,
    async *pages(_from, reading) {
      readings.push(reading)
      try {
        yield { rows: ['a', 'b'], after: (row) => ({ cursor: 'c', row }) }
        await new Promise((_resolve, reject) => {
          reading.signal.addEventListener('abort', () => reject(reading.signal.reason as Error))
        })
      } finally {
        ended.push(reading.signal.aborted)
      }
    },
  })
  return { iteration, readings, ended }
}

describe('leaving', () => {
  test('while a row is waited for ends the wait, and what is under way', async () => {
    const { iteration, ended } = stalling()
    const rows = iteration[Symbol.asyncIterator]()
    expect([await rows.next(), await rows.next()]).toEqual([
      { value: 'a', done: false },
      { value: 'b', done: false },
    ])
    const waiting = rows.next()
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toEqual([])
    expect(await rows.return()).toEqual({ value: undefined, done: true })
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(ended).toEqual([true])
    expect(await rows.next()).toEqual({ value: undefined, done: true })
  })

  test('between two rows tells the source so, and no listener stays behind', async () => {
    const { signal } = new AbortController()
    const { iteration, ended } = stalling(signal)
    expect(await take(iteration, 1)).toEqual(['a'])
    expect(ended).toEqual([true])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('before the first row reads nothing', async () => {
    const { iteration, readings } = stalling()
    await iteration[Symbol.asyncIterator]().return()
    expect(readings).toEqual([])
  })

  test('by the signal ends the wait with its reason, and no listener stays behind', async () => {
    const controller = new AbortController()
    const { iteration, ended } = stalling(controller.signal)
    const rows: string[] = []
    const error = await (async () => {
      for await (const row of iteration) if (rows.push(row) === 2) setImmediate(() => controller.abort('enough'))
    })().catch((thrown: unknown) => thrown)
    expect(error).toBe('enough')
    expect(ended).toEqual([true])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('by the signal between two rows hands out no further one', async () => {
    const controller = new AbortController()
    const { iteration } = stalling(controller.signal)
    const rows: string[] = []
    const reading = (async () => {
      for await (const row of iteration) {
        rows.push(row)
        controller.abort('enough')
      }
    })()
    await expect(reading).rejects.toBe('enough')
    expect(rows).toEqual(['a'])
  })

  test('by a signal whose reason is another iteration’s error leaves that error its checkpoint', async () => {
    const failure = new ApiError('api_server_error', 'The API is down.')
    await expect(all(numbered([['a', 'b'], failure]).open())).rejects.toBe(failure)
    const { checkpoint } = failure
    await expect(all(stalling(AbortSignal.abort(failure)).iteration)).rejects.toBe(failure)
    expect(failure.checkpoint).toBe(checkpoint)
  })
})

describe('a source', () => {
  test('may know a place before it has a row', async () => {
    const places: unknown[] = []
    const note = () => places.push(decode(iteration.checkpoint())['position'])
    const after = (row: number) => ({ cursor: 'after', row })
    const iteration = new Iteration<string, CursorPosition>({
      subject: { endpoint: 'letters', query: null },
      readPosition: cursorPosition,
      async *pages() {
        note()
        yield { rows: [], before: { cursor: 'before', row: 0 }, after }
        note()
        yield { rows: ['a'], after }
        note()
        yield { rows: ['b'], before: { cursor: 'before', row: 1 }, after }
      },
    })
    for await (const _ of iteration) note()
    expect(places).toEqual([
      null,
      { cursor: 'before', row: 0 },
      { cursor: 'after', row: 0 },
      { cursor: 'after', row: 0 },
      { cursor: 'after', row: 0 },
    ])
  })

  test('hears whether somebody may go on from a checkpoint', async () => {
    const { iteration, readings } = stalling()
    const rows = iteration[Symbol.asyncIterator]()
    await rows.next()
    expect(readings[0]!.hasCheckpoint()).toBe(false)
    iteration.checkpoint()
    expect(readings[0]!.hasCheckpoint()).toBe(true)
    await rows.return()
  })
})

describe('a checkpoint', () => {
  const { open } = numbered([['a']])
  const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url')
  test('is refused for another query, and for another endpoint', () => {
    const checkpoint = open(undefined, { state: 'active' }).checkpoint()
    expect(() => open(checkpoint, { state: 'any' })).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
    const elsewhere = () =>
      new Iteration({
        subject: { endpoint: 'numbers', query: { state: 'active' } },
        checkpoint,
        readPosition: numberedPosition,
        pages: () => pagesByNumber(() => Promise.resolve([]), String),
      })
    expect(elsewhere).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })

  test.each([
    ['nothing', ''],
    ['prose', 'not a checkpoint'],
    ['no object', encode(7)],
    ['another version', encode({ version: 2 })],
  ])('is refused when it is %s', (_what, checkpoint) => {
    expect(() => open(checkpoint)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })

  test.each([
    [{}],
    ['page one'],
    [{ page: 0, row: 0 }],
    [{ page: 1.5, row: 0 }],
    [{ page: 1, row: -1 }],
    [{ page: 1 }],
  ])('is refused when its page number is damaged: %j', (position) => {
    const damaged = encode({ ...decode(open().checkpoint()), position })
    expect(() => open(damaged)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })

  test.each([[undefined], [{}], [{ cursor: 7, row: 0 }], [{ cursor: 'c', row: -1 }], [{ cursor: null }], ['c']])(
    'is refused when its cursor is damaged: %j',
    (position) => {
      const listing = byCursor([['a']])
      const damaged = encode({ ...decode(listing.open().checkpoint()), position })
      expect(() => listing.open(damaged)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
    },
  )
})

describe('toArray()', () => {
  test('returns all rows in their order', async () => {
    expect(
      await numbered([['a', 'b'], ['c'], []])
        .open()
        .toArray(),
    ).toEqual(['a', 'b', 'c'])
  })

  test('returns as many rows as `max`', async () => {
    expect(
      await numbered([['a', 'b'], []])
        .open()
        .toArray({ max: 2 }),
    ).toEqual(['a', 'b'])
    expect(await numbered([[]]).open().toArray({ max: 0 })).toEqual([])
    expect(
      await numbered([['a'], []])
        .open()
        .toArray({ max: Infinity }),
    ).toEqual(['a'])
  })

  test('rejects more rows than `max`, and reads no further page', async () => {
    const listing = numbered([['a', 'b'], ['c'], ['d'], []])
    await expect(listing.open().toArray({ max: 1 })).rejects.toMatchObject({
      code: 'too_many_rows',
      message: 'The listing has more than 1 rows: toArray() keeps no more. Iterate over the rows, or raise `max`.',
    })
    expect(listing.fetched).toEqual([1])
  })

  test('keeps 100,000 rows by default', async () => {
    const rows = Array.from({ length: 100_001 }, (_, i) => String(i))
    await expect(numbered([rows, []]).open().toArray()).rejects.toMatchObject({ code: 'too_many_rows' })
    expect(
      await numbered([rows.slice(1), []])
        .open()
        .toArray(),
    ).toHaveLength(100_000)
  })

  test('rejects with the error of the listing', async () => {
    const failing = numbered([['a'], new ApiError('api_server_error', 'Down.')])
    await expect(failing.open().toArray()).rejects.toMatchObject({ code: 'api_server_error' })
  })

  test.each([-1, 1.5, NaN, '5'])('takes no `max` of %p', async (max) => {
    await expect(
      numbered([['a']])
        .open()
        .toArray({ max: max as never }),
    ).rejects.toMatchObject({
      code: 'invalid_option',
      message: 'Option `max` must be a whole number of rows from 0 up, or Infinity.',
    })
  })

  test('takes no other option', async () => {
    const misspelt = numbered([['a']])
      .open()
      .toArray({ maximum: 1 } as never)
    await expect(misspelt).rejects.toThrow('Unknown option `maximum` in toArray.')
  })
})

test('a checkpoint after an empty page is the place after the last row', async () => {
  const rows = new Iteration<string, number>({
    subject: { endpoint: 'letters', query: null },
    readPosition: Number,
    async *pages() {
      yield { rows: ['a', 'b'], after: (index) => index }
      yield { rows: [], after: () => 99 }
      throw new ApiError('api_server_error', 'Down.')
    },
  })
  const error: unknown = await rows.toArray().catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'api_server_error', checkpoint: rows.checkpoint() })
  const position = JSON.parse(Buffer.from(rows.checkpoint(), 'base64url').toString()) as { position: unknown }
  expect(position.position).toBe(1)
})

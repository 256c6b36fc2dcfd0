import { expect, test } from '@jest/globals'
import { Prefetch } from '../../src/paging/prefetch.js'
import { cursorPosition, cursorPrefetch, pagesByCursor } from '../../src/paging/pages-by-cursor.js'
import type { CursorPage } from '../../src/paging/pages-by-cursor.js'

/** Pages by the cursor that leads to them, and the cursors that were asked for. */
function listing(pages: Readonly<Record<string, CursorPage<string>>>) {
  const fetched: (string | undefined)[] = []
  const fetchPage = (cursor: string | undefined) => {
    fetched.push(cursor)
    return Promise.resolve(pages[cursor ?? 'first'] ?? { rows: [] })
  }
  return { fetched, fetchPage }
}

test('each page knows the place after each of its rows, also where it was entered in the middle', async () => {
  const { fetched, fetchPage } = listing({ b: { rows: ['v', 'w', 'x', 'y'], next: 'c' }, c: { rows: ['z'] } })
  const places: unknown[] = []
  for await (const { rows, after } of pagesByCursor(fetchPage, { cursor: 'b', row: 2 })) {
    for (const [index, row] of rows.entries()) places.push([row, after(index)])
  }
  expect(places).toEqual([
    ['x', { cursor: 'b', row: 3 }],
    ['y', { cursor: 'b', row: 4 }],
    ['z', { cursor: 'c', row: 1 }],
  ])
  expect(fetched).toEqual(['b', 'c'])
})

test('from the start the first page is asked for without a cursor, and none of its rows is left out', async () => {
  const { fetched, fetchPage } = listing({ first: { rows: ['a', 'b'] } })
  for await (const { rows, after } of pagesByCursor(fetchPage)) {
    expect([rows, after(1)]).toEqual([['a', 'b'], { cursor: null, row: 2 }])
  }
  expect(fetched).toEqual([undefined])
})

test('a page that names itself is not read twice, also where a checkpoint led to it', async () => {
  const { fetched, fetchPage } = listing({ b: { rows: ['x'], next: 'b' } })
  const drain = async () => {
    for await (const page of pagesByCursor(fetchPage, { cursor: 'b', row: 0 })) expect(page.rows).toEqual(['x'])
  }
  await expect(drain()).rejects.toMatchObject({
    code: 'api_response_invalid',
    message: 'A page names one as the next that was read before: the listing would never end.',
  })
  expect(fetched).toEqual(['b'])
})

test('a position is a cursor or none, and a whole number of rows', () => {
  expect(cursorPosition({ cursor: 'c', row: 0 })).toEqual({ cursor: 'c', row: 0 })
  expect(cursorPosition({ cursor: null, row: 7 })).toEqual({ cursor: null, row: 7 })
  for (const position of [
    { cursor: undefined, row: 0 },
    { cursor: 7, row: 0 },
    { cursor: 'c', row: -1 },
    { cursor: 'c', row: 1.5 },
    { cursor: 'c', row: '1' },
  ]) {
    expect(() => cursorPosition(position)).toThrow(
      expect.objectContaining({ message: 'The checkpoint is damaged: start again without it.' }),
    )
  }
})

test('an empty cursor leads nowhere: it is the end', async () => {
  const { fetched, fetchPage } = listing({ first: { rows: ['a'], next: 'b' }, b: { rows: [], next: '' } })
  for await (const page of pagesByCursor(fetchPage)) expect(page.rows.length).toBeLessThan(2)
  expect(fetched).toEqual([undefined, 'b'])
})

test('an empty page is not the end, but a hundred in a row are an error, not an endless loop', async () => {
  const drain = async (pages: number, rowsOn: (page: number) => string[]) => {
    const found: string[] = []
    const fetchPage = (cursor = '0') => {
      const next = Number(cursor) + 1
      return Promise.resolve({ rows: rowsOn(next), ...(next < pages && { next: String(next) }) })
    }
    for await (const page of pagesByCursor(fetchPage)) found.push(...page.rows)
    return found
  }
  expect(await drain(300, (page) => (page % 100 === 0 ? [`${page}`] : []))).toEqual(['100', '200', '300'])
  await expect(drain(300, () => [])).rejects.toMatchObject({
    code: 'api_response_invalid',
    message: '100 pages in a row hold nothing, and each names a next one: the listing would never end.',
  })
})

test('the page that each names is fetched ahead, in turn, until one names none or one that was named before', async () => {
  const next: Record<string, string | undefined> = { first: 'b', b: 'c', c: 'd', d: '', x: 'y', y: 'x' }
  const fetched: (string | undefined)[] = []
  const fetchPage = async (cursor: string | undefined) => {
    fetched.push(cursor)
    return { rows: [], next: next[cursor ?? 'first'] }
  }
  const read = async (...cursors: (string | undefined)[]) => {
    fetched.length = 0
    const prefetched = new Prefetch(cursorPrefetch(8, fetchPage), new AbortController().signal)
    for (const cursor of cursors) await prefetched.get(cursor)
    await new Promise((resolve) => setImmediate(resolve))
    return [...fetched]
  }
  expect(await read(undefined)).toEqual([undefined])
  expect(await read(undefined, 'b')).toEqual([undefined, 'b', 'c', 'd'])
  expect(await read(undefined, 'x')).toEqual([undefined, 'x', 'y', 'x'])
})

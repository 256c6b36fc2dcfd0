import { expect, test } from '@jest/globals'
import { Prefetch } from '../../src/paging/prefetch.js'
import { numberedPosition, numberPrefetch, pagesByNumber } from '../../src/paging/pages-by-number.js'

const listing = (pages: readonly (readonly string[])[]) => (page: number) => Promise.resolve(pages[page - 1] ?? [])

test('each page knows the place after each of its new rows, also where it was entered in the middle', async () => {
  const places: unknown[] = []
  const fetchPage = listing([['a'], ['u', 'v', 'w', 'x'], ['w', 'y', 'x', 'z']])
  for await (const { rows, after } of pagesByNumber(fetchPage, (row) => row, { page: 2, row: 2 })) {
    for (const [index, row] of rows.entries()) places.push([row, after(index)])
  }
  expect(places).toEqual([
    ['w', { page: 2, row: 3 }],
    ['x', { page: 2, row: 4 }],
    ['y', { page: 3, row: 2 }],
    ['z', { page: 3, row: 4 }],
  ])
})

test('pages that bring nothing but rows of those before them are no end, and an error when they do not cease', async () => {
  const drain = async (pages: readonly (readonly string[])[]) => {
    const rows: string[] = []
    for await (const page of pagesByNumber(listing(pages), (row) => row)) rows.push(...page.rows)
    return rows
  }
  expect(await drain([['a'], ['a'], ['a'], ['b'], ['b'], ['a'], ['c']])).toEqual(['a', 'b', 'c'])
  await expect(drain([['a'], ['a'], ['a'], ['a'], ['b']])).rejects.toMatchObject({ code: 'api_response_invalid' })
})

test('pages are fetched ahead as far as the last answer counts them, with the empty one after them', async () => {
  const fetched: number[] = []
  const counts = [3, 5, undefined, '9']
  const fetchPage = (page: number) => {
    fetched.push(page)
    return Promise.resolve({ pageCount: counts[page - 1] })
  }
  const prefetched = new Prefetch(numberPrefetch(8, fetchPage), new AbortController().signal)
  await prefetched.get(1)
  expect(fetched).toEqual([1])
  await prefetched.get(2)
  await new Promise((resolve) => setImmediate(resolve))
  expect(fetched).toEqual([1, 2, 3, 4, 5, 6])
})

test.each([
  { total: 5, before: 6, older: true },
  { total: 6, before: 6, older: false },
  { total: 7, before: 6, older: false },
  { total: undefined, before: 6, older: false },
  { total: 5, before: undefined, older: false },
  // Of an empty page.
  { total: 0, before: 6, older: false },
])('a page that tells of $total rows after one that told of $before: is it older? $older', (told) => {
  const { isOlder } = numberPrefetch<{ total?: unknown }>(8, () => Promise.resolve({}))
  expect(isOlder?.(2, { total: told.total }, { total: told.before })).toBe(told.older)
})

test.each([
  { total: 0, pageCount: 2, older: true },
  { total: undefined, pageCount: 2, older: true },
  { total: 0, pageCount: 1, older: false },
])('an empty page 2 after one that counted $pageCount pages: is it older? $older', ({ total, pageCount, older }) => {
  const { isOlder } = numberPrefetch<{ total?: unknown; pageCount?: unknown }>(8, () => Promise.resolve({}))
  expect(isOlder?.(2, { total }, { total: 6, pageCount })).toBe(older)
})

test('a position is a page from 1 and a whole number of rows', () => {
  expect(numberedPosition({ page: 1, row: 0 })).toEqual({ page: 1, row: 0 })
  for (const position of [
    { page: 0, row: 0 },
    { page: 1.5, row: 0 },
    { page: 1, row: -1 },
    { page: 1, row: 0.5 },
    { page: '1', row: 0 },
    { page: 1, row: '0' },
    { page: 1 },
    { row: 0 },
  ]) {
    expect(() => numberedPosition(position)).toThrow(
      expect.objectContaining({ message: 'The checkpoint is damaged: start again without it.' }),
    )
  }
})

test.each([0, undefined])(
  'an empty page after one that counted %p rows is not older, whatever pages that one promised',
  (total) => {
    const { isOlder } = numberPrefetch<{ total?: unknown; pageCount?: unknown }>(8, () => Promise.resolve({}))
    expect(isOlder?.(2, { total: 0 }, { total, pageCount: 2 })).toBe(false)
  },
)

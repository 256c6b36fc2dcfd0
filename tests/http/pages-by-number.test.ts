import { expect, test } from '@jest/globals'
import { numberedPosition, pagesByNumber } from '../../src/http/pages-by-number.js'

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
  await expect(drain([['a'], ['a'], ['a'], ['a'], ['b']])).rejects.toMatchObject({ code: 'api_answer_invalid' })
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

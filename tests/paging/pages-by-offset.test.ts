import { describe, expect, test } from '@jest/globals'
import { offsetPosition, pagesByOffset } from '../../src/paging/pages-by-offset.js'
import type { OffsetPage, OffsetPosition } from '../../src/paging/pages-by-offset.js'

type Fetch = (skip: number) => OffsetPage<string>

/** Rows, at most so many a page, and where each page began. */
function listing(rows: string, most: number) {
  const asked: number[] = []
  const fetchPage: Fetch = (skip) => {
    asked.push(skip)
    return { rows: [...rows].slice(skip, skip + most), total: rows.length }
  }
  return { asked, fetchPage }
}

async function read(fetchPage: Fetch, from?: OffsetPosition) {
  const found: [string, OffsetPosition][] = []
  const pages = pagesByOffset(
    async (skip) => Promise.resolve(fetchPage(skip)),
    (row) => row,
    from,
  )
  for await (const { rows, after } of pages)
    found.push(...rows.map((row, index) => [row, after(index)] as [string, OffsetPosition]))
  return found
}

const rowsOf = (found: readonly [string, OffsetPosition][]) => found.map(([row]) => row).join('')

describe('pages by offset', () => {
  test('end with an empty one, each skipping what came before it', async () => {
    const { asked, fetchPage } = listing('abcde', 2)
    expect(await read(fetchPage)).toEqual([...'abcde'].map((row, index) => [row, { skip: index + 1 }]))
    expect(asked).toEqual([0, 2, 4, 5])
    expect(await read(listing('', 2).fetchPage)).toEqual([])
  })

  test('go on after any row', async () => {
    const { fetchPage } = listing('abcde', 2)
    for (const [index, [, position]] of (await read(fetchPage)).entries()) {
      expect(rowsOf(await read(fetchPage, position))).toBe('abcde'.slice(index + 1))
    }
  })

  test('hand a row that moved to a later page out once, and the others know their places all the same', async () => {
    const moving: Fetch = (skip) => ({ rows: [...(skip === 0 ? 'abc' : 'xabcde')].slice(skip, skip + 3) })
    expect(await read(moving)).toEqual([
      ['a', { skip: 1 }],
      ['b', { skip: 2 }],
      ['c', { skip: 3 }],
      ['d', { skip: 5 }],
      ['e', { skip: 6 }],
    ])
  })

  test('need no total, and one that is too low is no end', async () => {
    const { fetchPage } = listing('abcde', 2)
    for (const total of [undefined, 0, 3]) {
      expect(rowsOf(await read((skip) => ({ ...fetchPage(skip), total })))).toBe('abcde')
    }
  })

  test.each([
    [0, 'The first page has no rows although there are said to be 7.'],
    [6, 'The page after 6 rows has no rows although there are said to be 7.'],
  ])('of which one is empty although there is said to be more are an error: after %d', async (skip, message) => {
    const nothing: Fetch = () => ({ rows: [], total: 7 })
    await expect(read(nothing, { skip })).rejects.toMatchObject({ code: 'api_response_invalid', message })
    expect(await read(nothing, { skip: 7 })).toEqual([])
  })

  test('of which the last tells nothing end where the one before it said', async () => {
    const silentAtEnd =
      (total: number): Fetch =>
      (skip) =>
        skip < 4 ? { rows: [...'abcd'].slice(skip, skip + 2), total } : { rows: [] }
    expect(rowsOf(await read(silentAtEnd(4)))).toBe('abcd')
    await expect(read(silentAtEnd(9))).rejects.toMatchObject({
      code: 'api_response_invalid',
      message: 'The page after 4 rows has no rows although there are said to be 9.',
    })
  })

  test('of an API that ignores what is to be skipped are an error', async () => {
    await expect(read(() => ({ rows: ['a', 'b'] }))).rejects.toMatchObject({ code: 'api_response_invalid' })
  })
})

test('a position is a whole number of rows', () => {
  expect(offsetPosition({ skip: 0 })).toEqual({ skip: 0 })
  for (const position of [null, 1, {}, { skip: -1 }, { skip: 0.5 }, { skip: '1' }, { skip: 2 ** 53 }]) {
    expect(() => offsetPosition(position)).toThrow(
      expect.objectContaining({ message: 'The checkpoint is damaged: start again without it.' }),
    )
  }
})

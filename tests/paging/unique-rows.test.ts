import { expect, test } from '@jest/globals'
import { uniqueRows } from '../../src/paging/unique-rows.js'
import type { Page } from '../../src/paging/iteration.js'

async function* pages(...listing: readonly (readonly string[])[]): AsyncGenerator<Page<string, string>> {
  for (const [page, rows] of listing.entries()) yield { rows, after: (index) => `${page}:${index}` }
}

test('a row that came before is left out, and each of the others knows its place in the page as it came', async () => {
  const found: unknown[] = []
  for await (const { rows, after } of uniqueRows(pages(['a', 'b', 'a'], ['b'], ['c', 'a', 'd']), (row) => row)) {
    found.push(rows.map((row, index) => [row, after(index)]))
  }
  expect(found).toEqual([
    [
      ['a', '0:0'],
      ['b', '0:1'],
    ],
    [],
    [
      ['c', '2:0'],
      ['d', '2:2'],
    ],
  ])
})

test('what else a page says stays', async () => {
  async function* page(): AsyncGenerator<Page<string, string>> {
    yield { rows: [], before: 'here', after: () => 'there' }
  }
  for await (const { before } of uniqueRows(page(), (row) => row)) expect(before).toBe('here')
})

const idsOf = async (listing: readonly (readonly string[])[], memory?: 'page') => {
  const found: string[] = []
  for await (const { rows } of uniqueRows(pages(...listing), (row) => row, memory)) found.push(...rows)
  return found
}

test('three pages in a row of rows that came before are an error, whatever empty ones lie between', async () => {
  for (const memory of [undefined, 'page'] as const) {
    expect(await idsOf([['a'], ['a'], ['a'], ['b'], ['b'], ['b'], ['c']], memory)).toEqual(['a', 'b', 'c'])
    expect(await idsOf([[], [], [], [], ['a']], memory)).toEqual(['a'])
    await expect(idsOf([['a'], ['a'], [], ['a'], [], ['a']], memory)).rejects.toMatchObject({
      code: 'api_response_invalid',
      message: '3 pages in a row bring nothing but rows of the pages before them: the listing would never end.',
    })
  }
})

test('a listing that is too long to be remembered is looked back upon for the page before, and within the page', async () => {
  const listing = [['a', 'b', 'a'], [], ['b', 'c'], ['c', 'a', 'd']]
  expect(await idsOf(listing)).toEqual(['a', 'b', 'c', 'd'])
  expect(await idsOf(listing, 'page')).toEqual(['a', 'b', 'c', 'a', 'd'])
})

import { expect, test } from '@jest/globals'
import { distinctRows } from '../../src/http/distinct-rows.js'
import type { Page } from '../../src/http/iteration.js'

async function* pages(...listing: readonly (readonly string[])[]): AsyncGenerator<Page<string, string>> {
  for (const [page, rows] of listing.entries()) yield { rows, after: (index) => `${page}:${index}` }
}

test('a row that came before is left out, and each of the others knows its place in the page as it came', async () => {
  const found: unknown[] = []
  for await (const { rows, after } of distinctRows(pages(['a', 'b', 'a'], ['b'], ['c', 'a', 'd']), (row) => row)) {
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
  for await (const { before } of distinctRows(page(), (row) => row)) expect(before).toBe('here')
})

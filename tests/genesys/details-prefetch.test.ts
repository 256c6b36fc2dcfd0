import { expect, test } from '@jest/globals'
import { detailsPrefetch } from '../../src/genesys/details-prefetch.js'
import { Prefetch } from '../../src/paging/prefetch.js'
import type { AnalyticsConversationWithoutAttributes as Conversation } from '../../src/genesys/models/conversations.js'
import { DAY, halves } from '../../src/platform/interval.js'
import type { Interval } from '../../src/platform/interval.js'
import { turn } from '../waiting.js'

const days = [1, 2, 3].map((day) => ({ start: day * DAY, end: (day + 1) * DAY }))
const [first, second, third] = days as [Interval, Interval, Interval]

/** What is asked for, as day and page, when each day has so many hits and pages of two rows go five deep. */
function query(hits: readonly (number | undefined | null)[], most = 20) {
  const asked: string[] = []
  const requests = {
    pageSize: 2,
    mostRows: 10,
    fetch({ interval, pageNumber }: { interval: { start: number }; pageNumber: number }) {
      const day = interval.start / DAY
      asked.push(`${day} ${pageNumber}`)
      const totalHits = hits[Math.floor(day) - 1]
      if (totalHits === null) return Promise.resolve({ conversations: [] })
      const left = (totalHits ?? 2 * pageNumber) - 2 * (pageNumber - 1)
      return Promise.resolve({ conversations: Array<Conversation>(Math.max(0, Math.min(2, left))), totalHits })
    },
  }
  const source = detailsPrefetch(requests, { start: first.start, end: hits.length * DAY + first.start }, most)
  return { asked, source, prefetched: new Prefetch(source, new AbortController().signal) }
}

test('the empty page that ends a day is fetched ahead, and the days after it', async () => {
  const { asked, prefetched } = query([3, 0, 1])
  await prefetched.get({ interval: first, pageNumber: 1 })
  await prefetched.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '1 3', '2 1', '3 1', '3 2'])
})

test('the first page of the next day is fetched from twice as far: by its turn it is known what comes after it', async () => {
  const { asked, prefetched } = query([7, 7, 7], 3)
  await prefetched.get({ interval: first, pageNumber: 1 })
  await prefetched.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '1 3', '1 4', '2 1', '1 5'])
})

test('of days that are not known yet so many are fetched as there would be room for, were they like the last one', async () => {
  const { asked, prefetched } = query([1, 1, 1, 1, 1, 1, 1, 1], 3)
  void prefetched.get({ interval: first, pageNumber: 1 })
  await turn()
  void prefetched.get({ interval: first, pageNumber: 2 })
  expect(asked).toEqual(['1 1', '1 2', '2 1', '3 1', '4 1'])
  await turn()
  expect(asked.toSorted()).toEqual(['1 1', '1 2', '2 1', '2 2', '3 1', '4 1'])
})

test('nothing is fetched ahead beyond the depth that a query gives', async () => {
  const { asked, prefetched } = query([10, 0])
  await prefetched.get({ interval: first, pageNumber: 1 })
  await prefetched.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked.toSorted()).toEqual(['1 1', '1 2', '1 3', '1 4', '1 5', '2 1'])
})

test.each([11, undefined])(
  'nothing is fetched ahead beyond a day of %p hits, which may be cut, and what was is kept for its turn',
  async (hits) => {
    const { asked, prefetched } = query([1, hits, 0, 0])
    await prefetched.get({ interval: first, pageNumber: 1 })
    await prefetched.get({ interval: first, pageNumber: 2 })
    await turn()
    const before = ['1 1', '1 2', '2 1', '3 1', '4 1']
    expect(asked).toEqual(before)
    const [half, other] = halves(second)!
    for (const interval of [second, half, other]) await prefetched.get({ interval, pageNumber: 1 })
    await prefetched.get({ interval: third, pageNumber: 1 })
    await turn()
    expect(asked).toEqual([...before, '2 1', '2.5 1'])
  },
)

test.each([11, undefined])('a day of %p hits is no reason to fetch more of those after it', async (hits) => {
  const { asked, prefetched } = query([1, hits, 0, 0, 0, 0], 2)
  await prefetched.get({ interval: first, pageNumber: 1 })
  await prefetched.get({ interval: first, pageNumber: 2 })
  await prefetched.get({ interval: second, pageNumber: 1 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '2 1', '3 1'])
})

test('an empty page ends its day, also when it tells of no hits', async () => {
  const { asked, prefetched } = query([1, null, 1], 1)
  await prefetched.get({ interval: first, pageNumber: 1 })
  await prefetched.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '2 1', '3 1'])
})

test('a page is older than the one before it when it tells of fewer hits, unless it begins another query', () => {
  const { isOlder } = query([]).source
  const page = (totalHits: number) => ({ conversations: [], totalHits })
  expect([1, 2].map((pageNumber) => isOlder!({ interval: first, pageNumber }, page(5), page(6)))).toEqual([false, true])
  expect(isOlder!({ interval: first, pageNumber: 2 }, page(6), page(6))).toBe(false)
})

test.each([0, undefined])(
  'an empty page that tells of %p hits is older than one that promises rows on it',
  (totalHits) => {
    const { isOlder } = query([]).source
    const empty = { conversations: [], totalHits }
    const isOlderAfter = (hits: number) =>
      isOlder!({ interval: first, pageNumber: 3 }, empty, { conversations: [], totalHits: hits })
    expect([4, 5].map(isOlderAfter)).toEqual([false, true])
  },
)

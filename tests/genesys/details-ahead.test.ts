import { expect, test } from '@jest/globals'
import { detailsAhead } from '../../src/genesys/details-ahead.js'
import { FetchAhead } from '../../src/http/fetch-ahead.js'
import { DAY } from '../../src/platform/interval.js'

const days = [1, 2, 3].map((day) => ({ start: day * DAY, end: (day + 1) * DAY }))
const [first, second] = days as [(typeof days)[0], (typeof days)[0]]

/** What is asked for, as day and page, when each day has so many hits and pages of two rows go five deep. */
function query(hits: readonly number[]) {
  const asked: string[] = []
  const requests = {
    pageSize: 2,
    mostRows: 10,
    fetch({ interval, pageNumber }: { interval: { start: number }; pageNumber: number }) {
      const day = interval.start / DAY
      asked.push(`${day} ${pageNumber}`)
      return Promise.resolve({ conversations: [], totalHits: hits[Math.floor(day) - 1] })
    },
  }
  const source = detailsAhead(requests, { start: first.start, end: hits.length * DAY + first.start }, 20)
  return { asked, source, ahead: new FetchAhead(source, new AbortController().signal) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('the empty page that ends a day is fetched ahead, and the days after it as each tells of its hits', async () => {
  const { asked, ahead } = query([3, 0, 1])
  await ahead.get({ interval: first, pageNumber: 1 })
  await ahead.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '1 3', '2 1', '3 1', '3 2'])
})

test('nothing is fetched ahead beyond the depth that a query gives', async () => {
  const { asked, ahead } = query([10, 0])
  await ahead.get({ interval: first, pageNumber: 1 })
  await ahead.get({ interval: first, pageNumber: 2 })
  await turn()
  expect(asked).toEqual(['1 1', '1 2', '1 3', '1 4', '1 5', '2 1'])
})

test('nothing is fetched ahead of a day that is to be cut, nor of one half beyond its own end', async () => {
  const { asked, ahead } = query([0, 11, 0])
  await ahead.get({ interval: first, pageNumber: 1 })
  await ahead.get({ interval: second, pageNumber: 1 })
  await turn()
  expect(asked).toEqual(['1 1', '2 1'])
  const half = { start: second.start + DAY / 2, end: second.end - 1 }
  const halved = query([0, 2, 0])
  await halved.ahead.get({ interval: first, pageNumber: 1 })
  await halved.ahead.get({ interval: half, pageNumber: 1 })
  await turn()
  expect(halved.asked).toEqual(['1 1', '2.5 1', '2.5 2'])
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

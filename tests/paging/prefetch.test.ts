import { describe, expect, it } from '@jest/globals'
import { Prefetch, prefetching } from '../../src/paging/prefetch.js'
import type { PrefetchSource } from '../../src/paging/prefetch.js'
import { deferred, turn } from '../waiting.js'

/** Pages 1, 2, 3, … of which each is sure to be asked for up to `last`; they arrive when the test says so. */
function listing({ last = 100, most = 4 }: { last?: number; most?: number } = {}) {
  const asked: number[] = []
  const aborted: number[] = []
  const pages = new Map<number, ReturnType<typeof deferred<string>>>()
  const source: PrefetchSource<number, string> = {
    most,
    fetch(key, signal) {
      asked.push(key)
      const page = deferred<string>()
      pages.set(key, page)
      signal.addEventListener('abort', () => {
        aborted.push(key)
        page.reject(signal.reason)
      })
      return page.promise
    },
    idOf: (key) => key,
    after: (key) => (key < last ? { key: key + 1 } : undefined),
  }
  const response = async (...keys: number[]) => {
    for (const key of keys) pages.get(key)!.resolve(`page ${key}`)
    await turn()
  }
  return { source, asked, aborted, pages, response }
}

describe('pages that are fetched ahead [R44]', () => {
  it('are none for who asks for one', async () => {
    const { source, asked, response } = listing()
    const first = new Prefetch(source, new AbortController().signal).get(1)
    await response(1)
    expect(await first).toBe('page 1')
    expect(asked).toEqual([1])
  })

  it('are on their way, or wait, four at most, in the order in which they will be asked for', async () => {
    const { source, asked, response } = listing()
    const prefetched = new Prefetch(source, new AbortController().signal)
    void prefetched.get(1)
    const second = prefetched.get(2)
    expect(asked).toEqual([1, 2, 3, 4, 5])
    await response(5, 4, 3)
    expect(asked).toHaveLength(5)
    await response(2)
    expect(await second).toBe('page 2')
    expect(asked).toEqual([1, 2, 3, 4, 5, 6])
    expect(await prefetched.get(3)).toBe('page 3')
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('are each fetched once, and each handed out once', async () => {
    const { source, asked, response } = listing({ last: 6 })
    const prefetched = new Prefetch(source, new AbortController().signal)
    for (let key = 1; key <= 6; key++) {
      const page = prefetched.get(key)
      await response(...asked.filter((one) => one >= key))
      expect(await page).toBe(`page ${key}`)
    }
    expect(asked).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('fail when their turn comes, and nothing is fetched beyond them', async () => {
    const { source, asked, pages, response } = listing()
    const prefetched = new Prefetch(source, new AbortController().signal)
    void prefetched.get(1)
    void prefetched.get(2)
    pages.get(4)!.reject(new Error('of page 4'))
    await response(2, 3)
    expect(await prefetched.get(3)).toBe('page 3')
    expect(asked).toEqual([1, 2, 3, 4, 5])
    await expect(prefetched.get(4)).rejects.toThrow('of page 4')
  })

  it('are let go of when something else is asked for, whatever number of pages there is said to be', async () => {
    const { source, asked, aborted } = listing({ last: Infinity })
    const prefetched = new Prefetch(source, new AbortController().signal)
    void prefetched.get(1)
    void prefetched.get(2)
    prefetched.get(50).catch(() => undefined)
    expect(aborted).toEqual([3, 4, 5])
    expect(asked.slice(5)).toEqual([50, 51, 52, 53])
  })

  it('are each asked for again while they are older than the one before them', async () => {
    const { source, asked, response } = listing({ last: 5 })
    const fetch = async (key: number, signal: AbortSignal) => {
      await source.fetch(key, signal)
      // Something changed when page 3 was answered for the first time.
      return asked.filter((one) => one === key).length + (key <= 3 ? 1 : 0)
    }
    const isOlder = (_key: number, page: number, before: number) => page < before
    const after = (key: number) => source.after(key, undefined)
    const prefetched = new Prefetch({ ...source, fetch, after, isOlder }, new AbortController().signal)
    void prefetched.get(1)
    void prefetched.get(2)
    await response(2, 3, 4, 5)
    for (const key of [3, 4, 5]) {
      const page = prefetched.get(key)
      await turn()
      await response(key)
      expect(await page).toBe(2)
    }
    expect(asked).toEqual([1, 2, 3, 4, 5, 4, 5])
  })

  it('alone are asked for again: not what was asked for when its turn had come', async () => {
    const { source, asked, response } = listing({ last: 1 })
    const prefetched = new Prefetch({ ...source, isOlder: () => true }, new AbortController().signal)
    for (const key of [1, 2, 3]) {
      const page = prefetched.get(key)
      await response(key)
      await page
    }
    expect(asked).toEqual([1, 2, 3])
  })

  it('are no more once it was stopped, whatever still arrives', async () => {
    const { source, asked, response } = listing({ most: 2 })
    const deaf = new AbortController().signal
    const prefetched = new Prefetch({ ...source, fetch: (key) => source.fetch(key, deaf) }, deaf)
    void prefetched.get(1)
    void prefetched.get(2)
    prefetched.stop()
    await response(2, 3)
    expect(asked).toEqual([1, 2, 3])
  })

  it('end with the signal of who reads', async () => {
    const { source, aborted } = listing()
    const reading = new AbortController()
    const prefetched = new Prefetch(source, reading.signal)
    prefetched.get(1).catch(() => undefined)
    const second = prefetched.get(2)
    reading.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    expect(aborted).toEqual([1, 2, 3, 4, 5])
  })

  it('that tell what comes after them are fetched from twice as far, and kept when there is more before them than was guessed', async () => {
    const { source, asked, aborted, response } = listing({ last: 30 })
    let gap = 3
    const after = (key: number) => {
      // 10 leads to the others, of which one knows as soon as it is there.
      if (key === 10) return { key: 20, gap, leads: true }
      return { key: key + 1, leads: key === 9 }
    }
    const prefetched = new Prefetch({ ...source, after }, new AbortController().signal)
    void prefetched.get(1)
    void prefetched.get(2)
    await response(2)
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 10])
    await response(3, 4, 5, 6)
    await prefetched.get(3)
    await prefetched.get(4)
    expect(asked.slice(7)).toEqual([7, 8])
    await response(7, 8)
    for (const key of [5, 6]) await prefetched.get(key)
    expect(asked.slice(9)).toEqual([9, 20])
    gap = 100
    await response(9, 10)
    for (const key of [7, 8, 9, 10]) await prefetched.get(key)
    expect(asked.slice(11)).toEqual([])
    await response(20)
    expect(await prefetched.get(20)).toBe('page 20')
    expect(asked.slice(11)).toEqual([21, 22, 23, 24])
    expect(aborted).toEqual([])
  })

  it.each([1, 2, 3, 7])('of a source of which %i may be under way are never more', async (most) => {
    const { source, asked } = listing({ most })
    const prefetched = new Prefetch(source, new AbortController().signal)
    void prefetched.get(1)
    void prefetched.get(2)
    expect(asked.slice(1)).toHaveLength(most)
  })

  it('hold nothing of pages that were handed out', async () => {
    const held: WeakRef<object>[] = []
    const source: PrefetchSource<number, { rows: string }> = {
      most: 3,
      fetch(key) {
        const page = { rows: `rows of ${key}` }
        held.push(new WeakRef(page))
        return Promise.resolve(page)
      },
      idOf: (key) => key,
      after: (key) => ({ key: key + 1 }),
    }
    const prefetched = new Prefetch(source, new AbortController().signal)
    for (let key = 1; key <= 200; key++) await prefetched.get(key)
    await turn()
    const { setFlagsFromString } = await import('node:v8')
    setFlagsFromString('--expose-gc')
    const { runInNewContext } = await import('node:vm')
    ;(runInNewContext('gc') as () => void)()
    // The one that was asked for last, and three ahead.
    expect(held.filter((page) => page.deref() !== undefined).length).toBeLessThanOrEqual(4)
    prefetched.stop()
  })
})

describe('an iteration that fetches ahead', () => {
  async function* pagesOf(fetchPage: (key: number) => Promise<string>, last: number) {
    for (let key = 1; key <= last; key++) yield await fetchPage(key)
  }

  it('lets go of what is on its way when it is left early', async () => {
    const { source, aborted, response } = listing()
    const pages = prefetching(source, new AbortController().signal, (fetch) => pagesOf(fetch, 100))
    const read = async () => {
      for await (const page of pages) if (page === 'page 2') break
    }
    const reading = read()
    await response(1)
    await response(2)
    await reading
    expect(aborted).toEqual([3, 4, 5, 6])
  })

  it('and when it comes to its end before what was said', async () => {
    const { source, aborted, response } = listing()
    const pages = prefetching(source, new AbortController().signal, (fetch) => pagesOf(fetch, 2))
    const reading = (async () => {
      const rows: string[] = []
      for await (const page of pages) rows.push(page)
      return rows
    })()
    await response(1)
    await response(2)
    expect(await reading).toEqual(['page 1', 'page 2'])
    expect(aborted).toEqual([3, 4, 5, 6])
  })
})

import { expect, test } from '@jest/globals'
import { PollTime } from '../../src/cxone/poll-time.js'

const END = '2026-02-01T00:00:00.000Z'
const since = '2026-01-01T00:00:00.000Z'

/** What is known after each of these answers. */
function heard(poll: PollTime, ...responses: (string | undefined)[]): (string | undefined)[] {
  return responses.map((told) => {
    poll.note(told)
    return poll.value
  })
}

test('the first answer says from when on to ask the next time, as it is spelt', () => {
  expect(heard(new PollTime({ since }), '2026-01-05T00:00Z', '2026-01-06T00:00Z')).toEqual(
    Array(2).fill('2026-01-05T00:00Z'),
  )
  expect(heard(new PollTime({ end: Date.parse(END) }), '2026-03-01T00:00Z', END)[1]).toBe('2026-03-01T00:00Z')
})

test('an empty one says nothing of it, so that what was asked from is asked from again', () => {
  expect(heard(new PollTime({ since }), undefined, '2026-01-06T00:00Z')).toEqual([since, since])
  expect(heard(new PollTime({ end: Date.parse(END) }), undefined)).toEqual([undefined])
})

test('after an empty part of dates a later answer counts up to where the dates end', () => {
  const end = Date.parse(END)
  expect(heard(new PollTime({ end }), undefined, '2026-03-01T00:00Z')).toEqual([undefined, END])
  expect(heard(new PollTime({ end }), undefined, '2026-01-06T00:00Z')).toEqual([undefined, '2026-01-06T00:00Z'])
})

test('a checkpoint keeps it', () => {
  const poll = new PollTime({ end: Date.parse(END) })
  poll.resume('2026-01-05T00:00Z')
  expect(heard(poll, '2026-01-06T00:00Z')).toEqual(['2026-01-05T00:00Z'])
  const knowsNothing = new PollTime({ end: Date.parse(END) })
  knowsNothing.resume(null)
  expect(heard(knowsNothing, '2026-03-01T00:00Z')).toEqual([END])
})

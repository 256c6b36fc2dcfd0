import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatInterval, halves, parseInterval, utcDays } from '../../src/platform/interval.js'

const NEW_YEAR = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('an interval is read', () => {
  test.each([
    ['2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z', 0, DAY],
    ['2026-01-01T00:00:00Z/2026-01-02T00:00:00Z', 0, DAY],
    ['2026-01-01T00:00Z/2026-01-02T00:00Z', 0, DAY],
    ['2026-01-01T02:00:00+02:00/2026-01-01T00:00:00-05:00', 0, 5 * HOUR],
    ['2026-01-01T02:00+02:00/2026-01-01T00:00-05:00', 0, 5 * HOUR],
    ['2026-01-01T00:00:00.1Z/2026-01-01T00:00:00.25Z', 100, 250],
    ['2026-01-01T00:00:00.000Z/2026-01-01T00:00:00.001Z', 0, 1],
    ['2024-02-29T00:00:00Z/2026-01-01T00:00:00Z', Date.UTC(2024, 1, 29) - NEW_YEAR, 0],
  ])('%s', (text, start, end) => {
    expect(parseInterval(text)).toEqual({ start: NEW_YEAR + start, end: NEW_YEAR + end })
  })

  test('and written again as Genesys writes it', () => {
    const text = '2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.001Z'
    expect(formatInterval(parseInterval(text))).toBe(text)
  })
})

describe('an interval is refused', () => {
  const moment = '2026-01-01T00:00:00Z'
  test.each([
    ['no text', ''],
    ['one moment', moment],
    ['three moments', `${moment}/2026-01-02T00:00:00Z/2026-01-03T00:00:00Z`],
    ['nothing before the slash', `/${moment}`],
    ['nothing behind the slash', `${moment}/`],
    ['dates without times', '2026-01-01/2026-01-02'],
    ['times of nowhere', '2026-01-01T00:00:00/2026-01-02T00:00:00'],
    ['a duration', `${moment}/P1D`],
    ['milliseconds', '1767225600000/1767312000000'],
    ["another country's way", '01/02/2026'],
    ['a date that does not exist', '2026-02-30T00:00:00Z/2026-03-01T00:00:00Z'],
    ['29 February of a common year', '2026-02-28T00:00:00Z/2026-02-29T00:00:00Z'],
    ['month 13', `${moment}/2026-13-01T00:00:00Z`],
    ['hour 24', `${moment}/2026-01-01T24:00:00Z`],
    ['minute 60', `${moment}/2026-01-01T23:60:00Z`],
    ['an offset of a day', `${moment}/2026-01-02T00:00:00+24:00`],
    ['blanks', `${moment} / 2026-01-02T00:00:00Z`],
    ['a line break at its end', `${moment}/2026-01-02T00:00:00Z\n`],
    ['undefined', undefined],
    ['an array of two', [moment, '2026-01-02T00:00:00Z']],
  ])('%s', (_what, text) => {
    expect(() => parseInterval(text as string)).toThrow(
      expect.objectContaining({ code: 'invalid_interval', message: expect.stringContaining('ISO 8601') }),
    )
  })

  test.each([
    ['reversed', '2026-01-02T00:00:00Z/2026-01-01T00:00:00Z'],
    ['of no length', '2026-01-01T00:00:00Z/2026-01-01T00:00:00Z'],
    ['of no length in two zones', '2026-01-01T02:00:00+02:00/2026-01-01T00:00:00Z'],
  ])('%s', (_what, text) => {
    expect(() => parseInterval(text)).toThrow(
      expect.objectContaining({ code: 'invalid_interval', message: expect.stringContaining('wrong way round') }),
    )
  })
})

const interval = fc
  .tuple(fc.integer({ min: -3 * DAY, max: 3 * DAY }), fc.integer({ min: 1, max: 5 * DAY }))
  .map(([start, length]) => ({ start: NEW_YEAR + start, end: NEW_YEAR + start + length }))

test('the days of an interval lie end to end, and each within one UTC day', () => {
  fc.assert(
    fc.property(interval, (whole) => {
      const days = [...utcDays(whole)]
      expect(days[0]?.start).toBe(whole.start)
      expect(days.at(-1)?.end).toBe(whole.end)
      for (const [index, { start, end }] of days.entries()) {
        expect(start).toBeLessThan(end)
        expect(Math.floor(start / DAY)).toBe(Math.floor((end - 1) / DAY))
        if (index > 0) expect(start).toBe(days[index - 1]?.end)
      }
    }),
  )
})

test('before 1970 as well', () => {
  expect([...utcDays({ start: -DAY - 1, end: 1 })]).toEqual([
    { start: -DAY - 1, end: -DAY },
    { start: -DAY, end: 0 },
    { start: 0, end: 1 },
  ])
})

test('no days in nothing', () => {
  expect([...utcDays({ start: NEW_YEAR, end: NEW_YEAR })]).toEqual([])
})

test('both halves are the whole, in whole milliseconds', () => {
  fc.assert(
    fc.property(interval, ({ start, end }) => {
      const both = halves({ start, end })
      if (both === undefined) return expect(end - start).toBeLessThanOrEqual(60_000)
      const [one, other] = both
      expect([one.start, one.end, other.end]).toEqual([start, other.start, end])
      expect(Number.isInteger(one.end)).toBe(true)
      expect(Math.abs(one.end - start - (end - one.end))).toBeLessThanOrEqual(1)
    }),
  )
})

test('a minute has no halves, a millisecond more has', () => {
  expect(halves({ start: 0, end: 60_000 })).toBeUndefined()
  expect(halves({ start: 0, end: 60_001 })).toEqual([
    { start: 0, end: 30_000 },
    { start: 30_000, end: 60_001 },
  ])
})

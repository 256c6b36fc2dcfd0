import { expect, test } from '@jest/globals'
import { checkedMoment, parseMoment } from '../../src/platform/moment.js'

const NEW_YEAR = Date.UTC(2026, 0, 1)

test('a moment has Z or an offset, and all else is none', () => {
  expect(parseMoment('2026-01-01T00:00Z')).toBe(NEW_YEAR)
  expect(parseMoment('2026-01-01T02:00:00.0010000+02:00')).toBe(NEW_YEAR + 1)
  for (const text of ['', '2026-01-01', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z', NEW_YEAR, new Date(NEW_YEAR)]) {
    expect(parseMoment(text)).toBeNaN()
  }
})

test('an option may be absent, and is refused by its name', () => {
  expect(checkedMoment('since', undefined)).toBeUndefined()
  expect(checkedMoment('since', '1970-01-01T00:00Z')).toBe(0)
  expect(() => checkedMoment('since', 'yesterday')).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('Option `since` must be') }),
  )
})

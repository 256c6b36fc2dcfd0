import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseRetryAfter } from '../../src/protocol/retry-after.js'

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0)
const MAX_LENGTH = (2 ** 31 - 1) * 1_000

describe('parseRetryAfter [R24]', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 120\t', 120_000],
    ['99999999999999999999', MAX_LENGTH],
    ['9'.repeat(400), MAX_LENGTH],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    [' Sun, 06 Nov 1994 08:49:37 GMT ', 37_000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:48:59 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', MAX_LENGTH],
  ])('reads %j as %d ms', (value, milliseconds) => {
    expect(parseRetryAfter(value, NOW)).toBe(milliseconds)
  })

  it.each([
    undefined,
    null,
    '',
    ' ',
    '-1',
    '+1',
    '1e3',
    '1.5',
    '0x10',
    '120 s',
    '120, 120',
    'soon',
    'Infinity',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
  ])('does not guess at %j', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined()
  })

  it('counts parts of a second', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:01 GMT', NOW + 250)).toBe(750)
  })

  it('gives 0 to 68 years, or undefined, for any text at any time', () => {
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\d+$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    )
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 8.64e15 }), (text, now) => {
        const milliseconds = parseRetryAfter(text, now) ?? 0
        expect(milliseconds).toBeGreaterThanOrEqual(0)
        expect(milliseconds).toBeLessThanOrEqual(MAX_LENGTH)
      }),
    )
  })

  it('reads the first of a header that came twice', () => {
    expect(parseRetryAfter(['5', '60'], 0)).toBe(5_000)
    expect(parseRetryAfter([], 0)).toBeUndefined()
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseHttpDate } from '../../src/protocol/http-date.js'

const NOW = Date.UTC(2026, 10, 22, 12)
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

describe('parseHttpDate [R24]', () => {
  it.each([
    // RFC 9110 section 5.6.7
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
    ['Sun Nov 16 08:49:37 1994', '1994-11-16T08:49:37Z'],
    ['Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00Z'],
    ['Tue, 29 Feb 2000 23:59:59 GMT', '2000-02-29T23:59:59Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
    ['Sat, 01 Jan 0050 00:00:00 GMT', '0050-01-01T00:00:00Z'],
    ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z'],
    ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((month, index) => [
      `Tue, 03 ${month} 2026 00:00:00 GMT`,
      `2026-${String(index + 1).padStart(2, '0')}-03T00:00:00Z`,
    ]),
    // The wrong weekday
    ['Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ])('reads %s', (text, expected) => {
    expect(parseHttpDate(text, NOW)).toBe(Date.parse(expected))
  })

  it.each([
    // Two digits mean the latest such year that is at most 50 years ahead.
    ['Sunday, 22-Nov-76 12:00:00 GMT', '2026-11-22T12:00:00Z', '2076-11-22T12:00:00Z'],
    ['Monday, 22-Nov-76 12:00:01 GMT', '2026-11-22T12:00:00Z', '1976-11-22T12:00:01Z'],
    ['Monday, 23-Nov-76 12:00:00 GMT', '2026-11-22T12:00:00Z', '1976-11-23T12:00:00Z'],
    ['Friday, 01-Jan-77 00:00:00 GMT', '2026-11-22T12:00:00Z', '1977-01-01T00:00:00Z'],
    ['Sunday, 22-Nov-26 12:00:00 GMT', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'],
    ['Friday, 31-Dec-99 00:00:00 GMT', '2026-11-22T12:00:00Z', '1999-12-31T00:00:00Z'],
    ['Thursday, 01-Jan-05 00:00:00 GMT', '2099-01-01T00:00:00Z', '2105-01-01T00:00:00Z'],
    ['Tuesday, 29-Feb-00 00:00:00 GMT', '2026-11-22T12:00:00Z', '2000-02-29T00:00:00Z'],
  ])('reads %s, at %s, as %s', (text, now, expected) => {
    expect(parseHttpDate(text, Date.parse(now))).toBe(Date.parse(expected))
  })

  it.each([
    '',
    'now',
    '120',
    '2026-11-22T12:00:00Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Xxx, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Xxx 1994 08:49:37 GMT',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT\n',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov 06 08:49:37 1994 GMT',
    // Days and times that do not exist
    'Tue, 00 Nov 1994 08:49:37 GMT',
    'Tue, 31 Nov 1994 08:49:37 GMT',
    'Tue, 32 Jan 1994 08:49:37 GMT',
    'Tue, 99 Jan 1994 08:49:37 GMT',
    'Tue, 29 Feb 2023 08:49:37 GMT',
    'Mon, 29 Feb 2100 08:49:37 GMT',
    'Tue Feb 30 08:49:37 2024',
    'Tuesday, 29-Feb-23 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06 Nov 1994 08:49:60 GMT',
    'Sun, 06 Nov 1994 23:58:60 GMT',
    'Sun, 06 Nov 1994 22:59:60 GMT',
    'Sun, 06 Nov 1994 23:59:61 GMT',
  ])('refuses %j', (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined()
  })

  const second = fc.integer({ min: Date.UTC(1977, 0, 1) / 1_000, max: Date.UTC(2076, 10, 22, 12) / 1_000 })

  it('reads each form of one time alike', () => {
    fc.assert(
      fc.property(second, (seconds) => {
        const time = new Date(seconds * 1_000)
        const imf = time.toUTCString()
        const [, day = '', month = '', year = '', clock = ''] = imf.split(/,? /)
        const rfc850 = `${DAYS[time.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${clock} GMT`
        const asctime = `${imf.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${clock} ${year}`
        expect([imf, rfc850, asctime].map((text) => parseHttpDate(text, NOW))).toEqual(Array(3).fill(time.getTime()))
      }),
    )
  })

  it('is total, even where the present is not a time', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseHttpDate(text, NOW)).toBeUndefined()))
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', NaN)).toBeUndefined()
  })
})

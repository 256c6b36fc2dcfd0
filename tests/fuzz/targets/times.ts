import assert from 'node:assert/strict'

import fc from 'fast-check'

import { MAX_DELTA, parseDeltaSeconds } from '../../../src/protocol/delta-seconds.js'
import { parseHttpDate } from '../../../src/protocol/http-date.js'
import { parseRetryAfter } from '../../../src/protocol/retry-after.js'
import { target } from '../target.js'
import { hostile, junk } from '../texts.js'

const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const SECOND = 1_000
/** From the year 0 to 9999, which is as far as the forms go. */
const moment = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }).map((seconds) => seconds * SECOND)
const nearby = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * SECOND)

function fixdate(time: number): string {
  return new Date(time).toUTCString()
}

function rfc850(time: number): string {
  const [, date, month, year, clock] = fixdate(time).split(/[, ]+/)
  return `${LONG_DAYS[new Date(time).getUTCDay()]}, ${date}-${month}-${year?.slice(-2)} ${clock} GMT`
}

function asctime(time: number): string {
  const [day, date, month, year, clock] = fixdate(time).split(/[, ]+/)
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${clock} ${year}`
}

const odd = [
  'Sun, 30 Feb 2025 00:00:00 GMT',
  'Sat, 31 Dec 2016 23:59:60 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Mon, 00 Jan 0000 00:00:00 GMT',
  'Sunday, 29-Feb-00 08:49:37 GMT',
  'Sun Nov 31 08:49:37 1994',
]
const dates = hostile(moment.map(fixdate), nearby.map(rfc850), moment.map(asctime), ...odd)
const seconds = hostile(
  '0',
  '120',
  '-1',
  '1e3',
  '+5',
  '0x10',
  '1.5',
  '99999999999999999999',
  ' 7 ',
  '٣',
  fc.nat().map(String),
)

/** Says what the text means if it is an IMF-fixdate to the letter, as the platform's own reader sees it. */
function platformDate(text: string): number | undefined {
  const time = Date.parse(text)
  return /^\w{3}, \d\d \w{3} \d{4} /.test(text) && !Number.isNaN(time) && fixdate(time) === text ? time : undefined
}

export const TIMES = [
  target<[text: string, now: number]>({
    name: 'http-date',
    share: 2,
    inputs: fc.tuple(dates, nearby),
    check([text, now]) {
      const time = parseHttpDate(text, now)
      const expected = platformDate(text)
      if (expected !== undefined) assert.equal(time, expected)
      if (time === undefined) return
      assert.ok(Number.isSafeInteger(time) && time % SECOND === 0, `is ${time}`)
      // Back in each form: nothing was made of it but what it says. A leap second is the first of the next day.
      const second = text.includes(':60') ? 1 : 0
      const written = time - second * SECOND
      const isShort = /^\w+, \d\d-/.test(text)
      assert.ok(isShort ? time <= new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50) : true)
      const forms = isShort ? [rfc850(written)] : [fixdate(written), asctime(written)]
      const bare = (form: string) => form.replace(/^\w+/, '').replace(/ {2}/g, ' 0').replace(':60 ', ':59 ')
      assert.ok(forms.map(bare).includes(bare(text)), `${text} was read as ${fixdate(time)}`)
    },
    read: (text) => parseHttpDate(text, 0),
    openings: ['', 'Sun, ', 'Sunday, 06-Nov-94 '],
  }),
  target<[time: number, now: number]>({
    name: 'http-date-written',
    inputs: fc.tuple(nearby, nearby),
    check([time, now]) {
      assert.equal(parseHttpDate(fixdate(time), now), time)
      assert.equal(parseHttpDate(asctime(time), now), time)
      // Two digits mean the last such year that is not more than 50 years ahead (RFC 9110 section 5.6.7).
      const latest = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50)
      const short = parseHttpDate(rfc850(time), now)
      if (short === undefined) {
        // 29 February of a century that has none.
        assert.equal(new Date(time).getUTCDate(), 29)
        return
      }
      assert.ok(short <= latest)
      assert.equal(rfc850(short).replace(/^\w+/, ''), rfc850(time).replace(/^\w+/, ''))
      const later = new Date(short)
      later.setUTCFullYear(later.getUTCFullYear() + 100)
      assert.ok(later.getTime() > latest || later.getUTCDate() !== new Date(short).getUTCDate())
    },
  }),
  target<[value: string | string[] | null, now: number]>({
    name: 'retry-after',
    share: 2,
    inputs: fc.tuple(
      fc.oneof(dates, seconds, fc.array(fc.oneof(dates, seconds), { maxLength: 2 }), fc.constant(null)),
      nearby,
    ),
    check([value, now]) {
      const wait = parseRetryAfter(value, now)
      const text = (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).trim()
      const date = platformDate(text)
      if (date !== undefined) assert.equal(wait, Math.min(MAX_DELTA, Math.max(0, date - now)))
      if (wait === undefined) {
        assert.ok(!/^[0-9]+$/.test(text))
        return
      }
      assert.ok(wait >= 0 && wait <= MAX_DELTA, `is ${wait}`)
      if (/^[0-9]+$/.test(text)) assert.equal(wait, BigInt(text) < 2_147_483_647n ? Number(text) * SECOND : MAX_DELTA)
      else assert.notEqual(parseHttpDate(text, now), undefined)
    },
    read: (text) => parseRetryAfter(text, 0),
    openings: ['', 'Sun, ', '1'],
  }),
  target<string | number | boolean | null | number[]>({
    name: 'delta-seconds',
    inputs: fc.oneof(
      seconds,
      junk,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(true, null, [5]),
    ),
    check(value) {
      const read = parseDeltaSeconds(value)
      const isWhole = typeof value === 'number' && value % 1 === 0 && value >= 0
      const isDigits =
        typeof value === 'string' && value !== '' && [...value].every((digit) => '0123456789'.includes(digit))
      if (!isWhole && !isDigits) return assert.equal(read, undefined)
      const exact = BigInt(value) * 1_000n
      // Zero has two signs.
      assert.equal(Number(read) + 0, exact > BigInt(MAX_DELTA) ? MAX_DELTA : Number(exact))
    },
  }),
]

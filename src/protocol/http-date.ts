const DAY = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun'
const LONG_DAY = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH = `(?<month>${MONTHS.join('|')})`
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`

const FORMS = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^(?:${DAY}), (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^(?:${LONG_DAY}), (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^(?:${DAY}) ${MONTH} (?<day>\d\d| \d) ${TIME} (?<year>\d{4})$`),
]

/**
 * Reads any of the three date forms of RFC 9110 section 5.6.7 as milliseconds since the epoch. Undefined for another form
 * and for a day or time that does not exist. The name of the weekday is not held against the date. `now` is needed for
 * the form whose years have two digits.
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of FORMS) {
    const fields = form.exec(text)?.groups
    if (fields) return timestamp(fields, now)
  }
  return undefined
}

function timestamp(fields: Readonly<Record<string, string>>, now: number): number | undefined {
  const number = (name: string) => Number(fields[name])
  const month = MONTHS.indexOf(String(fields['month']))
  const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')]
  const isLeapSecond = hour === 23 && minute === 59 && second === 60
  if (hour > 23 || minute > 59 || (second > 59 && !isLeapSecond)) return undefined

  const sinceMidnight = ((hour * 60 + minute) * 60 + second) * 1_000
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const midnight = (year: number) => new Date(0).setUTCFullYear(year, month, day)
  let start = midnight(number('year'))
  if (String(fields['year']).length === 2) {
    const latest = new Date(now)
    latest.setUTCFullYear(latest.getUTCFullYear() + 50)
    const year = latest.getUTCFullYear() - ((latest.getUTCFullYear() - number('year')) % 100)
    start = midnight(midnight(year) + sinceMidnight > latest.getTime() ? year - 100 : year)
  }
  // A day that does not exist has rolled over into the next month.
  if (new Date(start).getUTCDate() !== day) return undefined
  return start + sinceMidnight
}

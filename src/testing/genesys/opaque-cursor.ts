import { ApiRefusal } from './responses.js'

/** Base64 makes `+/+/` of it. With the padding at the end, each character that an address must encode is there. */
const MARK = Buffer.from([0xfb, 0xff, 0xbf])

/** A place in a listing, as an API hands it out: to be given back as it is, encoded. */
export function encodeCursor(place: readonly (string | number)[]): string {
  const text = JSON.stringify(place)
  const padded = Buffer.byteLength(text) % 3 === 0 ? `${text} ` : text
  return Buffer.concat([MARK, Buffer.from(padded)]).toString('base64')
}

/** What was sealed. Throws 400 for anything that is not, to the last character, a cursor. */
export function decodeCursor(cursor: string): readonly unknown[] {
  const bytes = Buffer.from(cursor, 'base64')
  if (bytes.toString('base64') === cursor && bytes.subarray(0, MARK.length).equals(MARK)) {
    try {
      return JSON.parse(bytes.subarray(MARK.length).toString()) as readonly unknown[]
    } catch {
      // Refused below.
    }
  }
  throw badCursor(cursor)
}

/** 400 for a cursor that is none, or none of this listing. */
export function badCursor(cursor: string): ApiRefusal {
  return new ApiRefusal(400, 'invalid.query.param.value', `cursor [${cursor}] is not a cursor of this listing.`)
}

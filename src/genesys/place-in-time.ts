import { ApiError } from '../base/errors.js'

/** What orders conversations. */
export interface Started {
  readonly conversationId: string
  readonly conversationStart: string
}

/**
 * A place in the order of `conversationStart`: everything that started before `after` has been handed out, and of what
 * started in that same millisecond the conversations in `ids`. Milliseconds since the epoch.
 */
export interface PlaceInTime {
  readonly after: number
  readonly ids: readonly string[]
}

/** Whether a checkpoint held one. */
export function isPlaceInTime(value: unknown): value is PlaceInTime {
  const { after, ids } = (value ?? {}) as Partial<PlaceInTime>
  return Number.isSafeInteger(after) && isTexts(ids)
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

/** The place after the row with this index, of rows that go on from the place before them. */
export function placeAfter(rows: readonly Started[], index: number, before?: PlaceInTime | null): PlaceInTime {
  const after = startOf(rows[index] as Started)
  // It came late: the place before, which knows more, has been reached all the same.
  if (before && after < before.after) return before
  const ids: string[] = []
  for (let place = index; place >= 0; place--) {
    const row = rows[place] as Started
    if (startOf(row) !== after) break
    ids.push(row.conversationId)
  }
  // The same millisecond may have begun on the page before.
  return { after, ids: before?.after === after ? [...ids, ...before.ids] : ids }
}

export function startOf({ conversationStart }: Started): number {
  const start = Date.parse(conversationStart)
  if (Number.isNaN(start)) {
    throw new ApiError('api_response_invalid', 'A conversation has a conversationStart that is not a date.')
  }
  return start
}

import { Calendar, type Place } from '../platform/calendar.js'
import { durationOf, mediumAt } from '../platform/media-mix.js'
import { hash, placeOfUuid, traceableUuidAt, uniform } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

/** The media types that are simulated, with their share and how long their conversations last. */
const MEDIA = [
  { mediaType: 'voice', share: 0.66, shortest: 20_000, longest: 40 * 60_000 },
  { mediaType: 'callback', share: 0.06, shortest: 60_000, longest: 6 * 3_600_000 },
  { mediaType: 'chat', share: 0.12, shortest: 60_000, longest: 60 * 60_000 },
  { mediaType: 'email', share: 0.08, shortest: 300_000, longest: 30 * 3_600_000 },
  { mediaType: 'message', share: 0.08, shortest: 120_000, longest: 48 * 3_600_000 },
] as const

export type MediaType = (typeof MEDIA)[number]['mediaType']
export type Direction = 'inbound' | 'outbound'

/** No conversation lasts longer. */
export const MAX_LENGTH = 48 * 3_600_000

/** What a filter can ask about. */
export interface Traits {
  readonly mediaType: MediaType
  readonly direction: Direction
  /** Which of the organization's divisions. */
  readonly division: number
}

export function conversationIdAt(seed: number, { day, index }: Place): string {
  return traceableUuidAt(seed, PURPOSE.conversationId, day, index)
}

/** Where the conversation with this id stands, if there is one on that day. */
export function placeOfConversation(seed: number, id: string): Place | undefined {
  const [day, index] = placeOfUuid(seed, PURPOSE.conversationId, id) ?? []
  return day === undefined || index === undefined ? undefined : { day, index }
}

function mediaAt(bits: number): (typeof MEDIA)[number] {
  return mediumAt(MEDIA, (bits & 0xffff) / 0x10000)
}

export function traitsAt(seed: number, { day, index }: Place, divisions: number): Traits {
  const bits = hash(seed, PURPOSE.conversationTraits, day, index)
  const { mediaType } = mediaAt(bits)
  const outbound = mediaType === 'voice' && ((bits >>> 16) & 0xff) < 38
  return { mediaType, direction: outbound ? 'outbound' : 'inbound', division: (bits >>> 24) % divisions }
}

/** How long a conversation lasts, in whole milliseconds. */
export function durationAt(seed: number, { day, index }: Place): number {
  const media = mediaAt(hash(seed, PURPOSE.conversationTraits, day, index))
  return durationOf(media, uniform(seed, PURPOSE.conversationEnd, day, index))
}

/** When the conversations of a seed start and end. */
export function conversationCalendar(seed: number, perDay: number | ((day: Date) => number)): Calendar {
  return new Calendar({
    option: 'conversationsPerDay',
    perDay,
    jitterAt: ({ day, index }) => uniform(seed, PURPOSE.conversationStart, day, index),
    durationAt: (place) => durationAt(seed, place),
  })
}

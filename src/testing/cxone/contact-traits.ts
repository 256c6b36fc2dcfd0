import { Calendar, type Place } from '../platform/calendar.js'
import { durationOf, mediumAt, type Medium } from '../platform/media-mix.js'
import { hash, uniform } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

/** Of what kind a contact is. The numbers are the simulator's own. */
export interface ContactMedium extends Medium {
  readonly mediaTypeId: number
  readonly mediaTypeName: string
  readonly mediaSubTypeId: number
  readonly mediaSubTypeName: string
}

const HOUR = 3_600_000

const MEDIA: readonly [ContactMedium, ...ContactMedium[]] = [
  { ...named(4, 'Phone Call', 0, ''), share: 0.7, shortest: 15_000, longest: 40 * 60_000 },
  { ...named(3, 'Chat', 0, ''), share: 0.14, shortest: 60_000, longest: HOUR },
  { ...named(1, 'Email', 0, ''), share: 0.08, shortest: 300_000, longest: 30 * HOUR },
  { ...named(9, 'Digital', 1, 'Messenger'), share: 0.08, shortest: 120_000, longest: 24 * HOUR },
]

function named(mediaTypeId: number, mediaTypeName: string, mediaSubTypeId: number, mediaSubTypeName: string) {
  return { mediaTypeId, mediaTypeName, mediaSubTypeId, mediaSubTypeName }
}

/** No contact lasts longer. */
export const MAX_LENGTH = 30 * HOUR

/** As many contacts may start on a day. */
const PER_DAY = 10_000_000
const PER_SEED = 1_000_000_000_000

export function contactMediumAt(seed: number, { day, index }: Place): ContactMedium {
  return mediumAt(MEDIA, uniform(seed, PURPOSE.contactMedia, day, index))
}

/** When the contacts of a seed start and end. */
export function contactCalendar(seed: number, perDay: number | ((day: Date) => number)): Calendar {
  return new Calendar({
    option: 'contactsPerDay',
    perDay,
    jitterAt: ({ day, index }) => uniform(seed, PURPOSE.contactStart, day, index),
    durationAt: (place) => {
      const chance = uniform(seed, PURPOSE.contactEnd, place.day, place.index)
      return durationOf(contactMediumAt(seed, place), chance)
    },
  })
}

/** A number that leads back to its place, and is none of another seed's in most cases. */
export function contactIdAt(seed: number, { day, index }: Place): number {
  return firstIdOf(seed) + day * PER_DAY + index
}

/** Where the contact with this id would stand. */
export function placeOfContact(seed: number, id: number): Place {
  const number = id - firstIdOf(seed)
  const day = Math.floor(number / PER_DAY)
  return { day, index: number - day * PER_DAY }
}

function firstIdOf(seed: number): number {
  return (100 + (hash(seed, PURPOSE.contactId, 0) % 800)) * PER_SEED
}

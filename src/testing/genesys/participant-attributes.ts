import type { Place } from '../platform/calendar.js'
import { SeededRandom } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

const REASONS = ['order', 'invoice', 'complaint', 'other'] as const
const LANGUAGES = ['en', 'de', 'es'] as const
const TIERS = ['basic', 'gold'] as const

/** The conversation with what only jobs tell: its participants' attributes, which flows and integrations have set. */
export function withAttributes(
  seed: number,
  place: Place,
  conversation: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const random = new SeededRandom(seed, PURPOSE.participantAttributes, place.day, place.index)
  const participants = conversation['participants'] as readonly Readonly<Record<string, unknown>>[]
  return {
    ...conversation,
    participants: participants.map((participant) => {
      return { ...participant, attributes: participant['purpose'] === 'customer' ? attributesOf(random) : {} }
    }),
  }
}

function attributesOf(random: SeededRandom): Record<string, string> {
  return {
    'Contact Reason': random.pick(REASONS),
    language: random.pick(LANGUAGES),
    ...(random.chance(0.5) && { 'customer.tier': random.pick(TIERS) }),
  }
}

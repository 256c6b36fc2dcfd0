import type { SeededRandom } from './seeded.js'

const GIVEN_NAMES = [
  'Ada',
  'Ben',
  'Chloé',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hugo',
  'Inés',
  'Jun',
  'Kofi',
  'Lena',
] as const
const FAMILY_NAMES = [
  'Abara',
  'Brandt',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jensen',
] as const

/** Somebody's name. */
export interface PersonName {
  readonly given: string
  readonly family: string
}

export function personName(random: SeededRandom): PersonName {
  return { given: random.pick(GIVEN_NAMES), family: random.pick(FAMILY_NAMES) }
}

import { SeededRandom } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

/** Something with a name. */
export interface Named {
  readonly id: string
  readonly name: string
}

type Some<T> = readonly [T, ...T[]]

/** What users and conversations of one organization refer to. */
export interface Organization extends Named {
  readonly divisions: Some<Named>
  readonly queues: Some<Named>
  readonly wrapUpCodes: Some<Named>
  readonly presences: Some<{ readonly id: string; readonly systemPresence: string }>
  readonly skills: Some<Named>
}

/** The organization of a seed. */
export function organizationOf(seed: number): Organization {
  const random = new SeededRandom(seed, PURPOSE.organization, 0)
  const named = (name: string): Named => ({ id: random.uuid(), name })
  const all = ([first, ...rest]: Some<string>): Some<Named> => [named(first), ...rest.map(named)]
  return {
    ...named('Simulated Organization'),
    divisions: all(['Home', 'North', 'South']),
    queues: all([
      'Sales',
      'Support',
      'Billing',
      'Returns',
      'Claims',
      'Retention',
      'Technical',
      'Web',
      'Social',
      'Night',
    ]),
    wrapUpCodes: all(['Resolved', 'Call back', 'Escalated', 'Sale', 'No sale', 'Wrong number']),
    presences: [
      { id: random.uuid(), systemPresence: 'Available' },
      { id: random.uuid(), systemPresence: 'Busy' },
      { id: random.uuid(), systemPresence: 'Away' },
      { id: random.uuid(), systemPresence: 'On Queue' },
      { id: random.uuid(), systemPresence: 'Offline' },
    ],
    skills: all(['English', 'German', 'Spanish', 'Hardware', 'Contracts']),
  }
}

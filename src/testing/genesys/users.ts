import type { Organization } from './organization.js'
import { personName } from '../platform/person-name.js'
import { SeededRandom, uuidAt } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

const DEPARTMENTS = ['Sales', 'Support', 'Back office'] as const
const TITLES = ['Agent', 'Senior agent', 'Supervisor'] as const
const ROUTING_STATUSES = ['OFF_QUEUE', 'IDLE', 'INTERACTING', 'NOT_RESPONDING', 'COMMUNICATING'] as const

export type UserState = 'active' | 'inactive' | 'deleted'

/** What has to be known of a user to find, filter and sort; the rest is made up when it is asked for. */
export interface UserHead {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly state: UserState
}

/** The users of a seed: first the active ones, then some who have left. */
export class Users {
  readonly #seed: number
  readonly #organization: Organization
  /** In the order of a listing: by name. */
  readonly heads: readonly UserHead[]

  constructor(seed: number, active: number, organization: Organization) {
    this.#seed = seed
    this.#organization = organization
    const inactive = Math.ceil(active / 20)
    const stateOf = (index: number): UserState =>
      index < active ? 'active' : index < active + inactive ? 'inactive' : 'deleted'
    this.heads = Array.from({ length: active + inactive + Math.ceil(active / 50) }, (_, index) => ({
      index,
      id: this.idAt(index),
      name: this.#nameAt(index),
      state: stateOf(index),
    })).sort((a, b) => (a.name === b.name ? a.index - b.index : a.name < b.name ? -1 : 1))
  }

  /** A user's id, without looking anything up. */
  idAt(index: number): string {
    return uuidAt(this.#seed, PURPOSE.userId, index)
  }

  /** The active user with this address. */
  named(email: string): UserHead | undefined {
    return this.heads.find(({ index, state }) => state === 'active' && emailAt(index) === email)
  }

  #random(index: number, part: number): SeededRandom {
    return new SeededRandom(this.#seed, PURPOSE.user, index, part)
  }

  #nameAt(index: number): string {
    const { given, family } = personName(this.#random(index, 0))
    return `${given} ${family}`
  }

  /** The whole user, with the members that have to be asked for. `now` dates what is going on. */
  entity({ index, id, name, state }: UserHead, expand: ReadonlySet<string>, now: number): Record<string, unknown> {
    const random = this.#random(index, 1)
    const division = random.pick(this.#organization.divisions)
    const email = emailAt(index)
    const phone = `+1555${String(1_000_000 + index)}`
    return {
      id,
      name,
      division: { ...division, selfUri: `/api/v2/authorization/divisions/${division.id}` },
      chat: { jabberId: `${id}@simulated.orgspan.com` },
      department: random.pick(DEPARTMENTS),
      email,
      primaryContactInfo: [{ address: email, mediaType: 'EMAIL', type: 'PRIMARY' }],
      addresses: random.chance(0.5) ? [{ address: phone, display: phone, mediaType: 'PHONE', type: 'WORK' }] : [],
      state,
      title: random.pick(TITLES),
      username: email,
      images: [],
      version: random.between(1, 40),
      acdAutoAnswer: random.chance(0.2),
      ...this.#expanded(index, id, expand, now),
      selfUri: `/api/v2/users/${id}`,
    }
  }

  #expanded(index: number, id: string, expand: ReadonlySet<string>, now: number): Record<string, unknown> {
    const random = this.#random(index, 2)
    const since = new Date(now - random.between(0, 8 * 3_600_000)).toISOString()
    const presence = random.pick(this.#organization.presences)
    const skill = random.pick(this.#organization.skills)
    const members: Record<string, unknown> = {
      routingStatus: { userId: id, status: random.pick(ROUTING_STATUSES), startTime: since },
      presence: {
        source: 'PURECLOUD',
        presenceDefinition: { ...presence, selfUri: `/api/v2/presencedefinitions/${presence.id}` },
        message: '',
        modifiedDate: since,
        selfUri: `/api/v2/users/${id}/presences/PURECLOUD`,
      },
      outOfOffice: { active: false, indefinite: false, selfUri: `/api/v2/users/${id}/outofoffice` },
      station: {},
      authorization: { roles: [], unusedRoles: [], permissions: [], permissionPolicies: [] },
      profileSkills: [skill.name],
      certifications: [],
      locations: [],
      groups: [],
      skills: [{ id: skill.id, name: skill.name, proficiency: random.between(1, 5), state: 'active' }],
      languages: [],
      languagePreference: 'en-us',
      dateLastLogin: since,
    }
    return Object.fromEntries(Object.entries(members).filter(([name]) => expand.has(name)))
  }
}

function emailAt(index: number): string {
  return `user${index + 1}@example.com`
}

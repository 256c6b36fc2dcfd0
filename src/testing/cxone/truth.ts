import type { Agents } from './agents.js'
import type { Users } from './users.js'

/** What is there, whatever a client got to see of it: limits, faults and paging play no part. */
export class CxoneTruth {
  readonly #agents: Agents
  readonly #users: Users

  constructor(agents: Agents, users: Users) {
    this.#agents = agents
    this.#users = users
  }

  /** The ids of all agents, those who have left too, in the order of their listing. */
  agentIds(): number[] {
    return this.#agents.heads.map(({ id }) => id)
  }

  /** The ids of all users, the deleted ones too, in the order of a search. */
  userIds(): string[] {
    return this.#users.ids()
  }
}

import type { Agents } from './agents.js'

/** What is there, whatever a client got to see of it: limits, faults and paging play no part. */
export class CxoneTruth {
  readonly #agents: Agents

  constructor(agents: Agents) {
    this.#agents = agents
  }

  /** The ids of all agents, those who have left too, in the order of their listing. */
  agentIds(): number[] {
    return this.#agents.heads.map(({ id }) => id)
  }
}

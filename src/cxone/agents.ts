import type { ApiError, EverbearerError, SchemaError, TokenError } from '../base/errors.js'
import { checkSignal, knownOptions } from '../base/options.js'
import type { Iteration } from '../paging/iteration.js'
import { pagingOptions } from '../platform/paging.js'
import type { PagingOptions } from '../platform/paging.js'
import { agent, agentList } from './models/agents.js'
import type { Agent } from './models/agents.js'
import { offsetListing } from '../platform/typed-listing.js'
import { fieldsWith, parameters, text, truth, utc, wholeNumber } from './parameters.js'
import { acdPath } from './session.js'
import type { CxoneSession } from './session.js'
import { singleRow } from './single-row.js'

/** Which agents {@link Agents.list} lists, and how. */
export interface ListAgentsOptions extends PagingOptions {
  /** Only what changed since then: an ISO 8601 moment with `Z` or an offset. NICE spells it so here, without a d. */
  updateSince?: string | undefined
  isActive?: boolean | undefined
  isLocked?: boolean | undefined
  /** As NICE takes it. */
  searchString?: string | undefined
  /** The fields to tell of each agent, and `agentId`. Default: all. */
  fields?: readonly string[] | undefined
  /** As NICE takes it. */
  orderBy?: string | undefined
  /** Agents a request, 1 to 100. Default 100. */
  pageSize?: number | undefined
  /** From an earlier iteration with the same options: goes on after the last agent that it handed out. */
  checkpoint?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** What {@link Agents.get} is to tell of an agent. */
export interface GetAgentOptions {
  /** The fields to tell, and `agentId`. Default: all. */
  fields?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

const FILTERS = { updateSince: utc, isActive: truth, isLocked: truth, searchString: text, orderBy: text } as const

/** The agents of a tenant's contact centre. */
export class Agents {
  readonly #session: CxoneSession

  constructor(session: CxoneSession) {
    this.#session = session
  }

  /**
   * All agents that the access key may see, each once, page by page until an empty one
   * (`GET /incontactapi/services/v34.0/agents`). Throws {@link EverbearerError} `invalid_option` or `invalid_checkpoint`;
   * while iterating {@link ApiError}, {@link TokenError} or {@link SchemaError}, with the checkpoint to go on from.
   *
   * NICE goes through the list by how many rows to skip. So an agent that drops out of it meanwhile, as `isActive` can
   * make it, may move another one out of sight: what must be whole is better listed without such a filter.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for await (const agent of cxone.agents.list({ fields: ['firstName', 'lastName', 'teamName'] })) {
   *   console.log(agent.agentId, agent.firstName, agent.lastName, agent.teamName)
   * }
   * await cxone.close()
   * ```
   */
  list(options: ListAgentsOptions = {}): Iteration<Agent> {
    const { client, limits, validate } = this.#session
    const names = { ...FILTERS, fields: true }
    const own = pagingOptions(options, 'agents.list', names, { most: limits.agentPageSize })
    const query = { ...parameters(own, FILTERS), fields: fieldsWith('agentId', own.fields)?.join() }
    return offsetListing({
      endpoint: 'agents.list',
      query,
      options: own,
      idOf: ({ agentId }) => agentId,
      fetchPage: async (skip, signal) => {
        const response = await client.request('GET', acdPath(this.#session, '/agents'), {
          query: { ...query, skip, top: own.pageSize },
          schema: agentList[validate],
          noContent: { agents: [] },
          signal,
        })
        const { agents: rows, totalRecords, hiddenAgents = 0 } = response
        return { rows, total: totalRecords && totalRecords - hiddenAgents }
      },
    })
  }

  /**
   * One agent (`GET /incontactapi/services/v34.0/agents/{agentId}`). Rejects with {@link EverbearerError}
   * `invalid_option`, {@link ApiError}, {@link TokenError} or {@link SchemaError}.
   *
   * @example
   * ```js
   * import { Cxone } from 'everbearer/cxone'
   *
   * const cxone = Cxone.fromEnv()
   * for await (const { agentId } of cxone.agents.list({ pageSize: 1 })) {
   *   const agent = await cxone.agents.get(agentId)
   *   console.log(agent.userName, agent.isActive)
   *   break
   * }
   * await cxone.close()
   * ```
   */
  async get(agentId: number | string, options: GetAgentOptions = {}): Promise<Agent> {
    const { client, validate } = this.#session
    const { fields, signal } = knownOptions(options, 'agents.get', { fields: true, signal: true })
    checkSignal(signal)
    return client.request('GET', acdPath(this.#session, `/agents/${wholeNumber('agentId', agentId)}`), {
      query: { fields: fieldsWith('agentId', fields)?.join() },
      schema: singleRow(agent[validate], 'agents'),
      signal,
    })
  }
}

import { json } from '../platform/responses.js'
import { inOrder } from '../platform/ordered.js'
import { acdListing, PAGING, projection } from './acd-listing.js'
import { AcdQuery } from './acd-query.js'
import { acdRoute, type ApiCall, type Route } from './acd-route.js'
import type { AgentHead, Agents } from './agents.js'
import type { ResolvedOptions } from './options.js'
import { notFound } from './refusals.js'

const PARAMETERS = ['updateSince', 'isActive', 'isLocked', 'searchString', ...PAGING]
const SORTABLE = ['agentId', 'firstName', 'lastName', 'userName']

/** `/agents` of the ACD APIs. */
export class AgentsEndpoint {
  readonly #agents: Agents
  readonly #options: ResolvedOptions
  readonly #fields: readonly string[]
  readonly routes: readonly Route[] = [
    acdRoute('GET', '/agents', (call) => this.#list(call)),
    acdRoute('GET', '/agents/{}', (call) => this.#get(call)),
  ]

  constructor(agents: Agents, options: ResolvedOptions) {
    this.#agents = agents
    this.#options = options
    this.#fields = agents.fields
  }

  #list({ url }: ApiCall): Response {
    const query = new AcdQuery(url, PARAMETERS)
    const now = this.#options.now()
    const project = projection(query.fields(this.#fields))
    const { agentPageSize } = this.#options.limits
    return acdListing(url, query, inOrder(sorted(this.#find(query, now), query)), {
      rows: 'agents',
      pageSize: agentPageSize,
      reach: Infinity,
      now,
      row: (head) => project(this.#agents.row(head, now)),
      members: { hiddenAgents: 0 },
    })
  }

  #find(query: AcdQuery, now: number): AgentHead[] {
    const since = query.moment('updateSince') ?? -Infinity
    const isActive = query.truth('isActive')
    const isLocked = query.truth('isLocked')
    const wanted = query.text('searchString')?.toLowerCase() ?? ''
    return this.#agents.heads.filter(
      (head) =>
        (isActive ?? head.isActive) === head.isActive &&
        (isLocked ?? head.locked) === head.locked &&
        [head.firstName, head.lastName, head.userName].some((text) => text.toLowerCase().includes(wanted)) &&
        this.#agents.updatedAt(head, now) >= since,
    )
  }

  #get({ url, parameter }: ApiCall): Response {
    const query = new AcdQuery(url, ['fields'])
    const project = projection(query.fields(this.#fields))
    const head = /^\d+$/.test(parameter) ? this.#agents.find(Number(parameter)) : undefined
    if (!head) throw notFound('agent')
    return json(200, project(this.#agents.row(head, this.#options.now())))
  }
}

function sorted(heads: AgentHead[], query: AcdQuery): AgentHead[] {
  const { field, descending } = query.order(SORTABLE) ?? { field: 'agentId', descending: false }
  if (field !== 'agentId') {
    const key = field as 'firstName' | 'lastName' | 'userName'
    heads.sort((a, b) => (a[key] === b[key] ? a.id - b.id : a[key] < b[key] ? -1 : 1))
  }
  return descending ? heads.reverse() : heads
}

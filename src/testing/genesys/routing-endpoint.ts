import { notModelled } from './responses.js'
import type { Named, Organization } from './organization.js'
import { entityListing, listParameter, pagingOf } from './paging.js'
import type { ApiCall, Route } from './route.js'

const MAX = 500
const UNMODELLED = ['name', 'divisionId', 'sortBy', 'sortOrder', 'peerId', 'cannedResponseLibraryId', 'hasPeer']

/** `/api/v2/routing` */
export class RoutingEndpoint {
  readonly routes: readonly Route[]

  constructor({ queues, wrapUpCodes }: Organization) {
    this.routes = [
      {
        method: 'GET',
        path: '/api/v2/routing/queues',
        permissions: ['routing:queue:view'],
        response: (call) => list(call, queues),
      },
      {
        method: 'GET',
        path: '/api/v2/routing/wrapupcodes',
        permissions: ['routing:wrapupCode:view'],
        response: (call) => list(call, wrapUpCodes),
      },
    ]
  }
}

function list({ url }: ApiCall, all: readonly Named[]): Response {
  const unmodelled = UNMODELLED.find((name) => url.searchParams.has(name))
  if (unmodelled !== undefined) throw notModelled(`The parameter ${unmodelled}`)
  const ids = listParameter(url, 'id')
  const matches = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))
  return entityListing(url, pagingOf(url, MAX), matches, ({ id, name }) => {
    return { id, name, selfUri: `${url.pathname}/${id}` }
  })
}

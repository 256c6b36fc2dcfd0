import { notModelled } from './answers.js'
import type { Named, Organization } from './organization.js'
import { entityListing, listParameter, pagingOf } from './paging.js'
import type { ApiCall, Route } from './route.js'

const MOST = 500
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
        answer: (call) => list(call, queues),
      },
      {
        method: 'GET',
        path: '/api/v2/routing/wrapupcodes',
        permissions: ['routing:wrapupCode:view'],
        answer: (call) => list(call, wrapUpCodes),
      },
    ]
  }
}

function list({ url }: ApiCall, all: readonly Named[]): Response {
  const unmodelled = UNMODELLED.find((name) => url.searchParams.has(name))
  if (unmodelled !== undefined) throw notModelled(`The parameter ${unmodelled}`)
  const ids = listParameter(url, 'id')
  const found = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))
  return entityListing(url, pagingOf(url, MOST), found, ({ id, name }) => {
    return { id, name, selfUri: `${url.pathname}/${id}` }
  })
}

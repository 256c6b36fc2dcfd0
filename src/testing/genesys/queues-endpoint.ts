import type { ApiCall } from './api-call.js'
import type { Organization } from './organization.js'
import { entityListing, pagingOf } from './paging.js'
import type { Route } from './route.js'

const MOST = 500

/** `/api/v2/routing/queues` */
export class QueuesEndpoint {
  readonly #organization: Organization
  readonly routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/api/v2/routing/queues',
      permissions: ['routing:queue:view'],
      answer: (call) => this.#list(call),
    },
  ]

  constructor(organization: Organization) {
    this.#organization = organization
  }

  #list({ url }: ApiCall): Response {
    return entityListing(url, pagingOf(url, MOST), this.#organization.queues, ({ id, name }) => {
      return { id, name, selfUri: `/api/v2/routing/queues/${id}` }
    })
  }
}

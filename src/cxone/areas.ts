import type { SmallRequest } from '../platform/verify.js'
import { acdPath } from './session.js'
import type { CxoneSession } from './session.js'

/** The areas that {@link Cxone.verify} can look at. */
export const VERIFIABLE_AREAS = [
  'agents.list',
  'contacts.completed',
  'contacts.active',
  'users.search',
  'dataExtraction',
  'reportingJobs',
] as const

/** An area that {@link Cxone.verify} can look at. */
export type VerifiableArea = (typeof VERIFIABLE_AREAS)[number]

const MINUTE = 60_000

/** The smallest request that each area answers; of completed contacts, those of the last minute that is over. */
export function areaRequests(session: CxoneSession): Readonly<Record<VerifiableArea, SmallRequest>> {
  const { client, versions } = session
  const end = Math.floor(client.clock.now() / MINUTE) * MINUTE
  const dates = { startDate: new Date(end - MINUTE).toISOString(), endDate: new Date(end).toISOString() }
  const get = (path: string, query = {}): SmallRequest => ({ method: 'GET', path, query })
  return {
    'agents.list': get(acdPath(session, '/agents'), { fields: 'agentId', skip: 0, top: 1 }),
    'contacts.completed': get(acdPath(session, '/contacts/completed'), {
      ...dates,
      fields: 'contactId',
      skip: 0,
      top: 1,
    }),
    'contacts.active': get(acdPath(session, '/contacts/active'), { fields: 'contactId', skip: 0, top: 1 }),
    'users.search': {
      method: 'POST',
      path: `/user-management/${versions.userSearch}/users/search`,
      body: { fields: ['id'], skip: 0, top: 1 },
      idempotent: true,
    },
    dataExtraction: get(`/data-extraction/${versions.dataExtraction}/jobs`),
    reportingJobs: get(acdPath(session, '/report-jobs')),
  }
}

import { formatInterval } from '../platform/interval.js'
import type { SmallRequest } from '../platform/verify.js'

/** The permissions that {@link GenesysCloud.verify} can look for. */
export const VERIFIABLE_PERMISSIONS = [
  'analytics:conversationDetail:view',
  'directory:user:view',
  'routing:queue:view',
  'routing:wrapupCode:view',
] as const

/** A permission that {@link GenesysCloud.verify} can look for. */
export type VerifiablePermission = (typeof VERIFIABLE_PERMISSIONS)[number]

/** A part of the API that a permission opens, or that needs none, and the smallest request that it answers. */
export interface Area {
  readonly check: string
  readonly permission?: VerifiablePermission | undefined
  /** Whether a call of this client reads it. */
  readonly isModelled: boolean
  readonly request: SmallRequest
}

/** All areas that there is a probe for; that of the details query reads the last minute. */
export function areasAt(now: number): readonly Area[] {
  const lastMinute = formatInterval({ start: now - 60_000, end: now })
  const conversations = '/api/v2/analytics/conversations/details'
  return [
    { check: 'users.list', isModelled: true, request: firstRow('/api/v2/users') },
    {
      check: 'users.query',
      permission: 'directory:user:view',
      isModelled: true,
      request: firstRow('/api/v2/users/query'),
    },
    {
      check: 'analytics.conversations.query',
      permission: 'analytics:conversationDetail:view',
      isModelled: true,
      request: {
        method: 'POST',
        path: `${conversations}/query`,
        body: { interval: lastMinute, paging: { pageSize: 1, pageNumber: 1 } },
        idempotent: true,
      },
    },
    {
      check: 'analytics.conversations.export',
      permission: 'analytics:conversationDetail:view',
      isModelled: true,
      request: { method: 'GET', path: `${conversations}/jobs/availability` },
    },
    {
      check: 'routing.queues',
      permission: 'routing:queue:view',
      isModelled: false,
      request: firstRow('/api/v2/routing/queues'),
    },
    {
      check: 'routing.wrapupcodes',
      permission: 'routing:wrapupCode:view',
      isModelled: false,
      request: firstRow('/api/v2/routing/wrapupcodes'),
    },
  ]
}

function firstRow(path: string): SmallRequest {
  return { method: 'GET', path, query: { pageSize: 1 } }
}

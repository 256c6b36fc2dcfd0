// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import * as z from 'zod'
import { optional, optionalNumber, optionalText, text } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'

/** @internal */
export interface ErrorBody {
  message?: string
  code?: string
  status?: number
  entityId?: string
  entityName?: string
  messageWithParams?: string
  messageParams?: Record<string, string>
  contextId?: string
  details?: Detail[]
  errors?: ErrorBody[]
  limit?: Limit
}

/** @internal */
export interface Detail {
  errorCode?: string
  fieldName?: string
  entityId?: string
  entityName?: string
}

/** @internal */
export interface Limit {
  key?: string
  namespace?: LimitNamespace
  value?: number
}

export type LimitNamespace =
  | 'workforce.management.forecast'
  | 'agent.assistant'
  | 'agentic.virtual.agents'
  | 'analytics.agents'
  | 'analytics.alerting'
  | 'analytics.data.extraction'
  | 'analytics'
  | 'analytics.realtime'
  | 'analytics.reporting.settings'
  | 'architect'
  | 'audiohook'
  | 'audiohook.monitor'
  | 'audit'
  | 'auth.api'
  | 'authorization'
  | 'automation.testing'
  | 'bots'
  | 'bots.voice'
  | 'business.rules'
  | 'callback'
  | 'cobrowse'
  | 'content.management'
  | 'conversation'
  | 'copilot'
  | 'dataactions'
  | 'datatables'
  | 'directory'
  | 'dsar'
  | 'email'
  | 'employee.engagement'
  | 'event.orchestration'
  | 'external.contacts'
  | 'external.events.data.ingestion'
  | 'gamification'
  | 'gcv'
  | 'gdpr'
  | 'groups'
  | 'guides'
  | 'historical.adherence'
  | 'infrastructureascode'
  | 'integrations'
  | 'intent.miner'
  | 'internal.messaging'
  | 'journey'
  | 'knowledge'
  | 'language.understanding'
  | 'learning'
  | 'limit.registry'
  | 'marketplace'
  | 'media.communications'
  | 'messaging'
  | 'micro.frontend'
  | 'notifications'
  | 'onboarding'
  | 'outbound'
  | 'platform.api'
  | 'predictive.routing'
  | 'presence'
  | 'quality'
  | 'recording'
  | 'response.management'
  | 'routing'
  | 'scim'
  | 'screen.monitoring'
  | 'search'
  | 'secondary.automation.testing'
  | 'skills'
  | 'social.media'
  | 'speech.and.text.analytics'
  | 'speech.integration'
  | 'supportability'
  | 'task.management'
  | 'telephony.configuration'
  | 'usage'
  | 'users'
  | 'users.rules'
  | 'voice.transcription'
  | 'web.deployments'
  | 'web.messaging'
  | 'webchat'
  | 'webhooks'
  | 'workforce.management.agent.availability'
  | 'workforce.management'
  | 'workforce.management.self.schedule'
  | 'workforce.management.shift.trading'
  | 'system'
  | (string & {})

const fullErrorBody: () => z.ZodType<ErrorBody> = lazy(() =>
  z.looseObject({
    message: optionalText(),
    code: optionalText(),
    status: optionalNumber(),
    entityId: optionalText(),
    entityName: optionalText(),
    messageWithParams: optionalText(),
    messageParams: optional(z.record(text(), text())),
    contextId: optionalText(),
    details: optional(z.array(fullDetail())),
    get errors() {
      return optional(z.array(fullErrorBody()))
    },
    limit: optional(fullLimit()),
  }),
)

const fullDetail: () => z.ZodType<Detail> = lazy(() =>
  z.looseObject({
    errorCode: optionalText(),
    fieldName: optionalText(),
    entityId: optionalText(),
    entityName: optionalText(),
  }),
)

const fullLimit: () => z.ZodType<Limit> = lazy(() =>
  z.looseObject({
    key: optionalText(),
    namespace: optional(
      openEnum('Limit.namespace', [
        'workforce.management.forecast',
        'agent.assistant',
        'agentic.virtual.agents',
        'analytics.agents',
        'analytics.alerting',
        'analytics.data.extraction',
        'analytics',
        'analytics.realtime',
        'analytics.reporting.settings',
        'architect',
        'audiohook',
        'audiohook.monitor',
        'audit',
        'auth.api',
        'authorization',
        'automation.testing',
        'bots',
        'bots.voice',
        'business.rules',
        'callback',
        'cobrowse',
        'content.management',
        'conversation',
        'copilot',
        'dataactions',
        'datatables',
        'directory',
        'dsar',
        'email',
        'employee.engagement',
        'event.orchestration',
        'external.contacts',
        'external.events.data.ingestion',
        'gamification',
        'gcv',
        'gdpr',
        'groups',
        'guides',
        'historical.adherence',
        'infrastructureascode',
        'integrations',
        'intent.miner',
        'internal.messaging',
        'journey',
        'knowledge',
        'language.understanding',
        'learning',
        'limit.registry',
        'marketplace',
        'media.communications',
        'messaging',
        'micro.frontend',
        'notifications',
        'onboarding',
        'outbound',
        'platform.api',
        'predictive.routing',
        'presence',
        'quality',
        'recording',
        'response.management',
        'routing',
        'scim',
        'screen.monitoring',
        'search',
        'secondary.automation.testing',
        'skills',
        'social.media',
        'speech.and.text.analytics',
        'speech.integration',
        'supportability',
        'task.management',
        'telephony.configuration',
        'usage',
        'users',
        'users.rules',
        'voice.transcription',
        'web.deployments',
        'web.messaging',
        'webchat',
        'webhooks',
        'workforce.management.agent.availability',
        'workforce.management',
        'workforce.management.self.schedule',
        'workforce.management.shift.trading',
        'system',
      ]),
    ),
    value: optionalNumber(),
  }),
)

/** @internal */
export const errorBody: ResponseSchemas<ErrorBody> = responseSchemas(
  () =>
    z.looseObject({
      message: optionalText(),
      code: optionalText(),
      contextId: optionalText(),
    }),
  fullErrorBody,
)

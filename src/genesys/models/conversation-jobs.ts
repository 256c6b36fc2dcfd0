// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import * as z from 'zod'
import {
  optional,
  optionalNumber,
  optionalText,
  optionalTexts,
  optionalTruth,
  text,
} from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'
import { row } from '../../platform/models/row.js'
import {
  type ConversationInitiator,
  type AnalyticsEvaluation,
  type AnalyticsSurvey,
  type AnalyticsResolution,
  type ParticipantPurpose,
  type AnalyticsSession,
  fullAnalyticsEvaluation,
  fullAnalyticsSurvey,
  fullAnalyticsResolution,
  fullAnalyticsSession,
} from './conversations.js'

/** @internal */
export interface AsyncQueryResponse {
  jobId: string
}

/** @internal */
export interface AsyncQueryStatus {
  state: 'QUEUED' | 'PENDING' | 'FAILED' | 'CANCELLED' | 'FULFILLED' | 'EXPIRED' | (string & {})
  errorMessage?: string
  expirationDate?: string
  submissionDate?: string
  completionDate?: string
}

/** @internal */
export interface AnalyticsConversationAsyncQueryResponse {
  conversations?: AnalyticsConversation[]
  cursor?: string
  dataAvailabilityDate?: string
}

/** @internal */
export interface DataAvailabilityResponse {
  dataAvailabilityDate?: string
}

export interface AnalyticsConversation {
  accessAttributes?: string[]
  associatedConversationId?: string
  conferenceStart?: string
  consultationConversationIds?: string[]
  conversationEnd?: string
  conversationId: string
  conversationInitiator?: ConversationInitiator
  conversationStart: string
  customerParticipation?: boolean
  divisionIds?: string[]
  externalTag?: string
  inactivityTimeout?: string
  knowledgeBaseIds?: string[]
  mediaStatsMinConversationMos?: number
  mediaStatsMinConversationRFactor?: number
  originatingDirection?: 'inbound' | 'outbound' | (string & {})
  originatingSocialMediaPublic?: boolean
  selfServed?: boolean
  evaluations?: AnalyticsEvaluation[]
  surveys?: AnalyticsSurvey[]
  resolutions?: AnalyticsResolution[]
  participants?: AnalyticsParticipant[]
}

export interface AnalyticsParticipant {
  externalContactId?: string
  externalOrganizationId?: string
  flaggedReason?: 'general' | (string & {})
  participantId?: string
  participantName?: string
  purpose?: ParticipantPurpose
  screenRecording?: boolean
  teamId?: string
  userId?: string
  sessions?: AnalyticsSession[]
  attributes?: Record<string, string>
}

const fullAsyncQueryResponse: () => z.ZodType<AsyncQueryResponse> = lazy(() =>
  z.looseObject({
    jobId: text(),
  }),
)

const fullAsyncQueryStatus: () => z.ZodType<AsyncQueryStatus> = lazy(() =>
  z.looseObject({
    state: openEnum('AsyncQueryStatus.state', ['QUEUED', 'PENDING', 'FAILED', 'CANCELLED', 'FULFILLED', 'EXPIRED']),
    errorMessage: optionalText(),
    expirationDate: optionalText(),
    submissionDate: optionalText(),
    completionDate: optionalText(),
  }),
)

const fullAnalyticsConversationAsyncQueryResponse: () => z.ZodType<AnalyticsConversationAsyncQueryResponse> = lazy(() =>
  z.looseObject({
    conversations: optional(z.array(fullAnalyticsConversation())),
    cursor: optionalText(),
    dataAvailabilityDate: optionalText(),
  }),
)

const fullDataAvailabilityResponse: () => z.ZodType<DataAvailabilityResponse> = lazy(() =>
  z.looseObject({
    dataAvailabilityDate: optionalText(),
  }),
)

const fullAnalyticsConversation: () => z.ZodType<AnalyticsConversation> = lazy(() =>
  z.looseObject({
    accessAttributes: optionalTexts(),
    associatedConversationId: optionalText(),
    conferenceStart: optionalText(),
    consultationConversationIds: optionalTexts(),
    conversationEnd: optionalText(),
    conversationId: text(),
    conversationInitiator: optional(
      openEnum('AnalyticsConversation.conversationInitiator', [
        'acd',
        'agent',
        'api',
        'botflow',
        'campaign',
        'customer',
        'dialer',
        'external',
        'fax',
        'group',
        'inbound',
        'ivr',
        'manual',
        'outbound',
        'station',
        'user',
        'voicemail',
        'voicesurveyflow',
        'workflow',
      ]),
    ),
    conversationStart: text(),
    customerParticipation: optionalTruth(),
    divisionIds: optionalTexts(),
    externalTag: optionalText(),
    inactivityTimeout: optionalText(),
    knowledgeBaseIds: optionalTexts(),
    mediaStatsMinConversationMos: optionalNumber(),
    mediaStatsMinConversationRFactor: optionalNumber(),
    originatingDirection: optional(openEnum('AnalyticsConversation.originatingDirection', ['inbound', 'outbound'])),
    originatingSocialMediaPublic: optionalTruth(),
    selfServed: optionalTruth(),
    evaluations: optional(z.array(fullAnalyticsEvaluation())),
    surveys: optional(z.array(fullAnalyticsSurvey())),
    resolutions: optional(z.array(fullAnalyticsResolution())),
    participants: optional(z.array(fullAnalyticsParticipant())),
  }),
)

const fullAnalyticsParticipant: () => z.ZodType<AnalyticsParticipant> = lazy(() =>
  z.looseObject({
    externalContactId: optionalText(),
    externalOrganizationId: optionalText(),
    flaggedReason: optional(openEnum('AnalyticsParticipant.flaggedReason', ['general'])),
    participantId: optionalText(),
    participantName: optionalText(),
    purpose: optional(
      openEnum('AnalyticsParticipant.purpose', [
        'acd',
        'agent',
        'api',
        'botflow',
        'campaign',
        'customer',
        'dialer',
        'external',
        'fax',
        'group',
        'inbound',
        'ivr',
        'manual',
        'outbound',
        'station',
        'user',
        'voicemail',
        'voicesurveyflow',
        'workflow',
      ]),
    ),
    screenRecording: optionalTruth(),
    teamId: optionalText(),
    userId: optionalText(),
    sessions: optional(z.array(fullAnalyticsSession())),
    attributes: optional(z.record(text(), text())),
  }),
)

/** @internal */
export const asyncQueryResponse: ResponseSchemas<AsyncQueryResponse> = responseSchemas(
  () =>
    z.looseObject({
      jobId: text(),
    }),
  fullAsyncQueryResponse,
)

/** @internal */
export const asyncQueryStatus: ResponseSchemas<AsyncQueryStatus> = responseSchemas(
  () =>
    z.looseObject({
      state: openEnum('AsyncQueryStatus.state', ['QUEUED', 'PENDING', 'FAILED', 'CANCELLED', 'FULFILLED', 'EXPIRED']),
      errorMessage: optionalText(),
    }),
  fullAsyncQueryStatus,
)

/** @internal */
export const analyticsConversationAsyncQueryResponse: ResponseSchemas<AnalyticsConversationAsyncQueryResponse> =
  responseSchemas(
    () =>
      z.looseObject({
        conversations: optional(
          z.array(row<AnalyticsConversation>({ conversationId: 'string', conversationStart: 'string' })),
        ),
        cursor: optionalText(),
        dataAvailabilityDate: optionalText(),
      }),
    fullAnalyticsConversationAsyncQueryResponse,
  )

/** @internal */
export const dataAvailabilityResponse: ResponseSchemas<DataAvailabilityResponse> = responseSchemas(
  () =>
    z.looseObject({
      dataAvailabilityDate: optionalText(),
    }),
  fullDataAvailabilityResponse,
)

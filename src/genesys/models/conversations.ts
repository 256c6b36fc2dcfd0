// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import * as z from 'zod'
import {
  number,
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

/** @internal */
export interface AnalyticsConversationQueryResponse {
  conversations?: AnalyticsConversationWithoutAttributes[]
  aggregations?: AggregationResult[]
  totalHits?: number
}

export interface AnalyticsConversationWithoutAttributes {
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
  participants?: AnalyticsParticipantWithoutAttributes[]
}

/** @internal */
export interface AggregationResult {
  type?: 'termFrequency' | 'numericRange' | (string & {})
  dimension?: string
  metric?: string
  count?: number
  results?: AggregationResultEntry[]
}

export interface AnalyticsEvaluation {
  assigneeApplicable?: boolean
  assigneeId?: string
  calibrationId?: string
  contextId?: string
  deleted?: boolean
  evaluationId?: string
  evaluationStatus?: 'Finished' | 'InProgress' | 'InReview' | 'Pending' | 'Retracted' | (string & {})
  evaluatorId?: string
  eventTime?: string
  formId?: string
  formName?: string
  queueId?: string
  released?: boolean
  rescored?: boolean
  systemSubmitted?: boolean
  userId?: string
  oTotalCriticalScore?: number
  oTotalScore?: number
}

export interface AnalyticsSurvey {
  eventTime?: string
  queueId?: string
  surveyCompletedDate?: string
  surveyFormContextId?: string
  surveyFormId?: string
  surveyFormName?: string
  surveyId?: string
  surveyPartialResponse?: boolean
  surveyPromoterScore?: number
  surveyStatus?: string
  surveyType?: 'Web' | 'Voice' | (string & {})
  userId?: string
  oSurveyTotalScore?: number
}

export interface AnalyticsResolution {
  eventTime?: string
  queueId?: string
  userId?: string
  nNextContactAvoided?: number
}

export interface AnalyticsParticipantWithoutAttributes {
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
}

export interface AggregationResultEntry {
  count?: number
  value?: string
  gte?: number
  lt?: number
}

export interface AnalyticsSession {
  activeSkillIds?: string[]
  acwSkipped?: boolean
  addressFrom?: string
  addressOther?: string
  addressSelf?: string
  addressTo?: string
  agentAssistantId?: string
  agentBullseyeRing?: number
  agentOwned?: boolean
  ani?: string
  assignerId?: string
  authenticated?: boolean
  bargedParticipantId?: string
  bcc?: string[]
  callbackNumbers?: string[]
  callbackScheduledTime?: string
  callbackUserName?: string
  cc?: string[]
  cleared?: boolean
  coachedParticipantId?: string
  cobrowseRole?: string
  cobrowseRoomId?: string
  deliveryPushed?: boolean
  deliveryStatus?: SessionDeliveryStatus
  deliveryStatusChangeDate?: string
  destinationAddresses?: string[]
  detectedSpeechEnd?: string
  detectedSpeechStart?: string
  direction?: 'inbound' | 'outbound' | (string & {})
  dispositionAnalyzer?: string
  dispositionName?: string
  dnis?: string
  edgeId?: string
  eligibleAgentCounts?: number[]
  engagementSource?: SessionEngagementSource
  errorCodeDescription?: string
  extendedDeliveryStatus?: string
  flowInType?: string
  flowOutType?: string
  journeyActionId?: string
  journeyActionMapId?: string
  journeyActionMapVersion?: number
  journeyCustomerId?: string
  journeyCustomerIdType?: string
  journeyCustomerSessionId?: string
  journeyCustomerSessionIdType?: string
  mediaBridgeId?: string
  mediaCount?: number
  mediaType?: SessionMediaType
  messageType?: string
  monitoredParticipantId?: string
  outboundCampaignId?: string
  outboundContactId?: string
  outboundContactListId?: string
  peerId?: string
  protocolCallId?: string
  provider?: string
  recording?: boolean
  remote?: string
  remoteNameDisplayable?: string
  removedSkillIds?: string[]
  requestedRoutings?: string[]
  roomId?: string
  routingRing?: number
  routingRule?: string
  routingRuleType?: 'Bullseye' | 'Conditional' | 'Predictive' | 'Preferred' | (string & {})
  screenMonitoredUserId?: string
  screenShareAddressSelf?: string
  screenShareRoomId?: string
  scriptId?: string
  selectedAgentId?: string
  selectedAgentRank?: number
  sessionDnis?: string
  sessionId?: string
  sharingScreen?: boolean
  skillExpressionId?: string
  skipEnabled?: boolean
  snippetRecording?: boolean
  timeoutSeconds?: number
  usedRouting?: SessionUsedRouting
  videoAddressSelf?: string
  videoRoomId?: string
  waitingInteractionCounts?: number[]
  agentGroups?: AnalyticsAgentGroup[]
  proposedAgents?: AnalyticsProposedAgent[]
  mediaEndpointStats?: AnalyticsMediaEndpointStat[]
  flow?: AnalyticsFlow
  metrics?: AnalyticsSessionMetric[]
  segments?: AnalyticsConversationSegment[]
}

export interface AnalyticsAgentGroup {
  agentGroupId?: string
  agentGroupType?: 'Group' | 'SkillGroup' | 'Team' | (string & {})
}

export interface AnalyticsProposedAgent {
  agentRank?: number
  proposedAgentId?: string
}

export interface AnalyticsMediaEndpointStat {
  codecs?: string[]
  discardedPackets?: number
  duplicatePackets?: number
  eventTime?: string
  invalidPackets?: number
  maxLatencyMs?: number
  minMos?: number
  minRFactor?: number
  overrunPackets?: number
  receivedPackets?: number
  underrunPackets?: number
}

export interface AnalyticsFlow {
  endingLanguage?: string
  entryReason?: string
  entryType?: 'agent' | 'direct' | 'dnis' | 'flow' | 'outbound' | (string & {})
  exitReason?: string
  flowId?: string
  flowName?: string
  flowType?: FlowType
  flowVersion?: string
  issuedCallback?: boolean
  recognitionFailureReason?: string
  startingLanguage?: string
  transferTargetAddress?: string
  transferTargetName?: string
  transferType?: string
  outcomes?: AnalyticsFlowOutcome[]
}

export interface AnalyticsSessionMetric {
  emitDate?: string
  name?: string
  value?: number
}

export interface AnalyticsConversationSegment {
  audioMuted?: boolean
  conference?: boolean
  destinationConversationId?: string
  destinationSessionId?: string
  disconnectType?: ConversationSegmentDisconnectType
  errorCode?: string
  groupId?: string
  q850ResponseCodes?: number[]
  queueId?: string
  requestedLanguageId?: string
  requestedRoutingSkillIds?: string[]
  requestedRoutingUserIds?: string[]
  segmentEnd?: string
  segmentStart?: string
  segmentType?: ConversationSegmentType
  sipResponseCodes?: number[]
  sourceConversationId?: string
  sourceSessionId?: string
  subject?: string
  videoMuted?: boolean
  wrapUpCode?: string
  wrapUpNote?: string
  wrapUpTags?: string[]
  scoredAgents?: AnalyticsScoredAgent[]
  properties?: AnalyticsProperty[]
}

export interface AnalyticsFlowOutcome {
  flowOutcome?: string
  flowOutcomeEndTimestamp?: string
  flowOutcomeId?: string
  flowOutcomeStartTimestamp?: string
  flowOutcomeValue?: string
}

export interface AnalyticsScoredAgent {
  agentScore?: number
  scoredAgentId?: string
}

export interface AnalyticsProperty {
  property?: string
  propertyType?: 'bool' | 'integer' | 'real' | 'date' | 'string' | 'uuid' | (string & {})
  value?: string
}

/** @internal */
export interface AnalyticsConversationWithoutAttributesMultiGetResponse {
  conversations?: AnalyticsConversationWithoutAttributes[]
}

export type ConversationInitiator =
  | 'acd'
  | 'agent'
  | 'api'
  | 'botflow'
  | 'campaign'
  | 'customer'
  | 'dialer'
  | 'external'
  | 'fax'
  | 'group'
  | 'inbound'
  | 'ivr'
  | 'manual'
  | 'outbound'
  | 'station'
  | 'user'
  | 'voicemail'
  | 'voicesurveyflow'
  | 'workflow'
  | (string & {})

export type ParticipantPurpose =
  | 'acd'
  | 'agent'
  | 'api'
  | 'botflow'
  | 'campaign'
  | 'customer'
  | 'dialer'
  | 'external'
  | 'fax'
  | 'group'
  | 'inbound'
  | 'ivr'
  | 'manual'
  | 'outbound'
  | 'station'
  | 'user'
  | 'voicemail'
  | 'voicesurveyflow'
  | 'workflow'
  | (string & {})

export type SessionDeliveryStatus =
  | 'DeliveryFailed'
  | 'DeliveryPushed'
  | 'DeliverySuccess'
  | 'Failed'
  | 'Published'
  | 'Queued'
  | 'Read'
  | 'Received'
  | 'Sent'
  | (string & {})

export type SessionEngagementSource =
  | 'AppleMessagesForBusiness'
  | 'Discord'
  | 'Email'
  | 'Facebook'
  | 'FacebookMessenger'
  | 'Glassdoor'
  | 'GoogleBusinessProfile'
  | 'Instagram'
  | 'KakaoTalk'
  | 'Line'
  | 'LinkedIn'
  | 'MicrosoftTeams'
  | 'MobileChat'
  | 'Other'
  | 'QQ'
  | 'Reddit'
  | 'ServiceNow'
  | 'SFDC'
  | 'SMS'
  | 'Snapchat'
  | 'Telegram'
  | 'Threads'
  | 'Trustpilot'
  | 'Unspecified'
  | 'Viber'
  | 'WebChat'
  | 'WeChat'
  | 'Weibo'
  | 'WhatsApp'
  | 'X'
  | 'Yelp'
  | 'YouTube'
  | 'Zendesk'
  | 'OpenMessaging'
  | (string & {})

export type SessionMediaType =
  | 'callback'
  | 'chat'
  | 'cobrowse'
  | 'email'
  | 'internalmessage'
  | 'message'
  | 'screenmonitoring'
  | 'screenshare'
  | 'unknown'
  | 'video'
  | 'voice'
  | (string & {})

export type SessionUsedRouting =
  | 'Bullseye'
  | 'Conditional'
  | 'Direct'
  | 'Last'
  | 'Manual'
  | 'Predictive'
  | 'Preferred'
  | 'Standard'
  | 'Vip'
  | (string & {})

export type FlowType =
  | 'BOT'
  | 'COMMONMODULE'
  | 'DIGITALBOT'
  | 'EMAILSEND'
  | 'INBOUNDCALL'
  | 'INBOUNDCHAT'
  | 'INBOUNDEMAIL'
  | 'INBOUNDSHORTMESSAGE'
  | 'INQUEUECALL'
  | 'INQUEUEEMAIL'
  | 'INQUEUESHORTMESSAGE'
  | 'OUTBOUNDCALL'
  | 'SECURECALL'
  | 'SPEECH'
  | 'SURVEYINVITE'
  | 'VOICE'
  | 'VOICEMAIL'
  | 'VOICESURVEY'
  | 'WORKFLOW'
  | 'WORKITEM'
  | (string & {})

export type ConversationSegmentDisconnectType =
  | 'client'
  | 'conferenceTransfer'
  | 'consultTransfer'
  | 'dndEndpoint'
  | 'dndTransfer'
  | 'endpoint'
  | 'error'
  | 'forwardTransfer'
  | 'inactivity'
  | 'noAnswerTransfer'
  | 'notAvailableTransfer'
  | 'other'
  | 'peer'
  | 'sessionExpired'
  | 'spam'
  | 'system'
  | 'takeover'
  | 'timeout'
  | 'transfer'
  | 'transportFailure'
  | 'uncallable'
  | (string & {})

export type ConversationSegmentType =
  | 'alert'
  | 'barging'
  | 'callback'
  | 'coaching'
  | 'contacting'
  | 'converting'
  | 'delay'
  | 'dialing'
  | 'hold'
  | 'interact'
  | 'ivr'
  | 'monitoring'
  | 'parked'
  | 'scheduled'
  | 'screenmonitoring'
  | 'sharing'
  | 'system'
  | 'transmitting'
  | 'unknown'
  | 'uploading'
  | 'voicemail'
  | 'wrapup'
  | (string & {})

const fullAnalyticsConversationQueryResponse: () => z.ZodType<AnalyticsConversationQueryResponse> = lazy(() =>
  z.looseObject({
    conversations: optional(z.array(fullAnalyticsConversationWithoutAttributes())),
    aggregations: optional(z.array(fullAggregationResult())),
    totalHits: optionalNumber(),
  }),
)

const fullAnalyticsConversationWithoutAttributes: () => z.ZodType<AnalyticsConversationWithoutAttributes> = lazy(() =>
  z.looseObject({
    accessAttributes: optionalTexts(),
    associatedConversationId: optionalText(),
    conferenceStart: optionalText(),
    consultationConversationIds: optionalTexts(),
    conversationEnd: optionalText(),
    conversationId: text(),
    conversationInitiator: optional(
      openEnum('AnalyticsConversationWithoutAttributes.conversationInitiator', [
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
    originatingDirection: optional(
      openEnum('AnalyticsConversationWithoutAttributes.originatingDirection', ['inbound', 'outbound']),
    ),
    originatingSocialMediaPublic: optionalTruth(),
    selfServed: optionalTruth(),
    evaluations: optional(z.array(fullAnalyticsEvaluation())),
    surveys: optional(z.array(fullAnalyticsSurvey())),
    resolutions: optional(z.array(fullAnalyticsResolution())),
    participants: optional(z.array(fullAnalyticsParticipantWithoutAttributes())),
  }),
)

const fullAggregationResult: () => z.ZodType<AggregationResult> = lazy(() =>
  z.looseObject({
    type: optional(openEnum('AggregationResult.type', ['termFrequency', 'numericRange'])),
    dimension: optionalText(),
    metric: optionalText(),
    count: optionalNumber(),
    results: optional(z.array(fullAggregationResultEntry())),
  }),
)

/** @internal */
export const fullAnalyticsEvaluation: () => z.ZodType<AnalyticsEvaluation> = lazy(() =>
  z.looseObject({
    assigneeApplicable: optionalTruth(),
    assigneeId: optionalText(),
    calibrationId: optionalText(),
    contextId: optionalText(),
    deleted: optionalTruth(),
    evaluationId: optionalText(),
    evaluationStatus: optional(
      openEnum('AnalyticsEvaluation.evaluationStatus', ['Finished', 'InProgress', 'InReview', 'Pending', 'Retracted']),
    ),
    evaluatorId: optionalText(),
    eventTime: optionalText(),
    formId: optionalText(),
    formName: optionalText(),
    queueId: optionalText(),
    released: optionalTruth(),
    rescored: optionalTruth(),
    systemSubmitted: optionalTruth(),
    userId: optionalText(),
    oTotalCriticalScore: optionalNumber(),
    oTotalScore: optionalNumber(),
  }),
)

/** @internal */
export const fullAnalyticsSurvey: () => z.ZodType<AnalyticsSurvey> = lazy(() =>
  z.looseObject({
    eventTime: optionalText(),
    queueId: optionalText(),
    surveyCompletedDate: optionalText(),
    surveyFormContextId: optionalText(),
    surveyFormId: optionalText(),
    surveyFormName: optionalText(),
    surveyId: optionalText(),
    surveyPartialResponse: optionalTruth(),
    surveyPromoterScore: optionalNumber(),
    surveyStatus: optionalText(),
    surveyType: optional(openEnum('AnalyticsSurvey.surveyType', ['Web', 'Voice'])),
    userId: optionalText(),
    oSurveyTotalScore: optionalNumber(),
  }),
)

/** @internal */
export const fullAnalyticsResolution: () => z.ZodType<AnalyticsResolution> = lazy(() =>
  z.looseObject({
    eventTime: optionalText(),
    queueId: optionalText(),
    userId: optionalText(),
    nNextContactAvoided: optionalNumber(),
  }),
)

const fullAnalyticsParticipantWithoutAttributes: () => z.ZodType<AnalyticsParticipantWithoutAttributes> = lazy(() =>
  z.looseObject({
    externalContactId: optionalText(),
    externalOrganizationId: optionalText(),
    flaggedReason: optional(openEnum('AnalyticsParticipantWithoutAttributes.flaggedReason', ['general'])),
    participantId: optionalText(),
    participantName: optionalText(),
    purpose: optional(
      openEnum('AnalyticsParticipantWithoutAttributes.purpose', [
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
  }),
)

const fullAggregationResultEntry: () => z.ZodType<AggregationResultEntry> = lazy(() =>
  z.looseObject({
    count: optionalNumber(),
    value: optionalText(),
    gte: optionalNumber(),
    lt: optionalNumber(),
  }),
)

/** @internal */
export const fullAnalyticsSession: () => z.ZodType<AnalyticsSession> = lazy(() =>
  z.looseObject({
    activeSkillIds: optionalTexts(),
    acwSkipped: optionalTruth(),
    addressFrom: optionalText(),
    addressOther: optionalText(),
    addressSelf: optionalText(),
    addressTo: optionalText(),
    agentAssistantId: optionalText(),
    agentBullseyeRing: optionalNumber(),
    agentOwned: optionalTruth(),
    ani: optionalText(),
    assignerId: optionalText(),
    authenticated: optionalTruth(),
    bargedParticipantId: optionalText(),
    bcc: optionalTexts(),
    callbackNumbers: optionalTexts(),
    callbackScheduledTime: optionalText(),
    callbackUserName: optionalText(),
    cc: optionalTexts(),
    cleared: optionalTruth(),
    coachedParticipantId: optionalText(),
    cobrowseRole: optionalText(),
    cobrowseRoomId: optionalText(),
    deliveryPushed: optionalTruth(),
    deliveryStatus: optional(
      openEnum('AnalyticsSession.deliveryStatus', [
        'DeliveryFailed',
        'DeliveryPushed',
        'DeliverySuccess',
        'Failed',
        'Published',
        'Queued',
        'Read',
        'Received',
        'Sent',
      ]),
    ),
    deliveryStatusChangeDate: optionalText(),
    destinationAddresses: optionalTexts(),
    detectedSpeechEnd: optionalText(),
    detectedSpeechStart: optionalText(),
    direction: optional(openEnum('AnalyticsSession.direction', ['inbound', 'outbound'])),
    dispositionAnalyzer: optionalText(),
    dispositionName: optionalText(),
    dnis: optionalText(),
    edgeId: optionalText(),
    eligibleAgentCounts: optional(z.array(number())),
    engagementSource: optional(
      openEnum('AnalyticsSession.engagementSource', [
        'AppleMessagesForBusiness',
        'Discord',
        'Email',
        'Facebook',
        'FacebookMessenger',
        'Glassdoor',
        'GoogleBusinessProfile',
        'Instagram',
        'KakaoTalk',
        'Line',
        'LinkedIn',
        'MicrosoftTeams',
        'MobileChat',
        'Other',
        'QQ',
        'Reddit',
        'ServiceNow',
        'SFDC',
        'SMS',
        'Snapchat',
        'Telegram',
        'Threads',
        'Trustpilot',
        'Unspecified',
        'Viber',
        'WebChat',
        'WeChat',
        'Weibo',
        'WhatsApp',
        'X',
        'Yelp',
        'YouTube',
        'Zendesk',
        'OpenMessaging',
      ]),
    ),
    errorCodeDescription: optionalText(),
    extendedDeliveryStatus: optionalText(),
    flowInType: optionalText(),
    flowOutType: optionalText(),
    journeyActionId: optionalText(),
    journeyActionMapId: optionalText(),
    journeyActionMapVersion: optionalNumber(),
    journeyCustomerId: optionalText(),
    journeyCustomerIdType: optionalText(),
    journeyCustomerSessionId: optionalText(),
    journeyCustomerSessionIdType: optionalText(),
    mediaBridgeId: optionalText(),
    mediaCount: optionalNumber(),
    mediaType: optional(
      openEnum('AnalyticsSession.mediaType', [
        'callback',
        'chat',
        'cobrowse',
        'email',
        'internalmessage',
        'message',
        'screenmonitoring',
        'screenshare',
        'unknown',
        'video',
        'voice',
      ]),
    ),
    messageType: optionalText(),
    monitoredParticipantId: optionalText(),
    outboundCampaignId: optionalText(),
    outboundContactId: optionalText(),
    outboundContactListId: optionalText(),
    peerId: optionalText(),
    protocolCallId: optionalText(),
    provider: optionalText(),
    recording: optionalTruth(),
    remote: optionalText(),
    remoteNameDisplayable: optionalText(),
    removedSkillIds: optionalTexts(),
    requestedRoutings: optionalTexts(),
    roomId: optionalText(),
    routingRing: optionalNumber(),
    routingRule: optionalText(),
    routingRuleType: optional(
      openEnum('AnalyticsSession.routingRuleType', ['Bullseye', 'Conditional', 'Predictive', 'Preferred']),
    ),
    screenMonitoredUserId: optionalText(),
    screenShareAddressSelf: optionalText(),
    screenShareRoomId: optionalText(),
    scriptId: optionalText(),
    selectedAgentId: optionalText(),
    selectedAgentRank: optionalNumber(),
    sessionDnis: optionalText(),
    sessionId: optionalText(),
    sharingScreen: optionalTruth(),
    skillExpressionId: optionalText(),
    skipEnabled: optionalTruth(),
    snippetRecording: optionalTruth(),
    timeoutSeconds: optionalNumber(),
    usedRouting: optional(
      openEnum('AnalyticsSession.usedRouting', [
        'Bullseye',
        'Conditional',
        'Direct',
        'Last',
        'Manual',
        'Predictive',
        'Preferred',
        'Standard',
        'Vip',
      ]),
    ),
    videoAddressSelf: optionalText(),
    videoRoomId: optionalText(),
    waitingInteractionCounts: optional(z.array(number())),
    agentGroups: optional(z.array(fullAnalyticsAgentGroup())),
    proposedAgents: optional(z.array(fullAnalyticsProposedAgent())),
    mediaEndpointStats: optional(z.array(fullAnalyticsMediaEndpointStat())),
    flow: optional(fullAnalyticsFlow()),
    metrics: optional(z.array(fullAnalyticsSessionMetric())),
    segments: optional(z.array(fullAnalyticsConversationSegment())),
  }),
)

const fullAnalyticsAgentGroup: () => z.ZodType<AnalyticsAgentGroup> = lazy(() =>
  z.looseObject({
    agentGroupId: optionalText(),
    agentGroupType: optional(openEnum('AnalyticsAgentGroup.agentGroupType', ['Group', 'SkillGroup', 'Team'])),
  }),
)

const fullAnalyticsProposedAgent: () => z.ZodType<AnalyticsProposedAgent> = lazy(() =>
  z.looseObject({
    agentRank: optionalNumber(),
    proposedAgentId: optionalText(),
  }),
)

const fullAnalyticsMediaEndpointStat: () => z.ZodType<AnalyticsMediaEndpointStat> = lazy(() =>
  z.looseObject({
    codecs: optionalTexts(),
    discardedPackets: optionalNumber(),
    duplicatePackets: optionalNumber(),
    eventTime: optionalText(),
    invalidPackets: optionalNumber(),
    maxLatencyMs: optionalNumber(),
    minMos: optionalNumber(),
    minRFactor: optionalNumber(),
    overrunPackets: optionalNumber(),
    receivedPackets: optionalNumber(),
    underrunPackets: optionalNumber(),
  }),
)

const fullAnalyticsFlow: () => z.ZodType<AnalyticsFlow> = lazy(() =>
  z.looseObject({
    endingLanguage: optionalText(),
    entryReason: optionalText(),
    entryType: optional(openEnum('AnalyticsFlow.entryType', ['agent', 'direct', 'dnis', 'flow', 'outbound'])),
    exitReason: optionalText(),
    flowId: optionalText(),
    flowName: optionalText(),
    flowType: optional(
      openEnum('AnalyticsFlow.flowType', [
        'BOT',
        'COMMONMODULE',
        'DIGITALBOT',
        'EMAILSEND',
        'INBOUNDCALL',
        'INBOUNDCHAT',
        'INBOUNDEMAIL',
        'INBOUNDSHORTMESSAGE',
        'INQUEUECALL',
        'INQUEUEEMAIL',
        'INQUEUESHORTMESSAGE',
        'OUTBOUNDCALL',
        'SECURECALL',
        'SPEECH',
        'SURVEYINVITE',
        'VOICE',
        'VOICEMAIL',
        'VOICESURVEY',
        'WORKFLOW',
        'WORKITEM',
      ]),
    ),
    flowVersion: optionalText(),
    issuedCallback: optionalTruth(),
    recognitionFailureReason: optionalText(),
    startingLanguage: optionalText(),
    transferTargetAddress: optionalText(),
    transferTargetName: optionalText(),
    transferType: optionalText(),
    outcomes: optional(z.array(fullAnalyticsFlowOutcome())),
  }),
)

const fullAnalyticsSessionMetric: () => z.ZodType<AnalyticsSessionMetric> = lazy(() =>
  z.looseObject({
    emitDate: optionalText(),
    name: optionalText(),
    value: optionalNumber(),
  }),
)

const fullAnalyticsConversationSegment: () => z.ZodType<AnalyticsConversationSegment> = lazy(() =>
  z.looseObject({
    audioMuted: optionalTruth(),
    conference: optionalTruth(),
    destinationConversationId: optionalText(),
    destinationSessionId: optionalText(),
    disconnectType: optional(
      openEnum('AnalyticsConversationSegment.disconnectType', [
        'client',
        'conferenceTransfer',
        'consultTransfer',
        'dndEndpoint',
        'dndTransfer',
        'endpoint',
        'error',
        'forwardTransfer',
        'inactivity',
        'noAnswerTransfer',
        'notAvailableTransfer',
        'other',
        'peer',
        'sessionExpired',
        'spam',
        'system',
        'takeover',
        'timeout',
        'transfer',
        'transportFailure',
        'uncallable',
      ]),
    ),
    errorCode: optionalText(),
    groupId: optionalText(),
    q850ResponseCodes: optional(z.array(number())),
    queueId: optionalText(),
    requestedLanguageId: optionalText(),
    requestedRoutingSkillIds: optionalTexts(),
    requestedRoutingUserIds: optionalTexts(),
    segmentEnd: optionalText(),
    segmentStart: optionalText(),
    segmentType: optional(
      openEnum('AnalyticsConversationSegment.segmentType', [
        'alert',
        'barging',
        'callback',
        'coaching',
        'contacting',
        'converting',
        'delay',
        'dialing',
        'hold',
        'interact',
        'ivr',
        'monitoring',
        'parked',
        'scheduled',
        'screenmonitoring',
        'sharing',
        'system',
        'transmitting',
        'unknown',
        'uploading',
        'voicemail',
        'wrapup',
      ]),
    ),
    sipResponseCodes: optional(z.array(number())),
    sourceConversationId: optionalText(),
    sourceSessionId: optionalText(),
    subject: optionalText(),
    videoMuted: optionalTruth(),
    wrapUpCode: optionalText(),
    wrapUpNote: optionalText(),
    wrapUpTags: optionalTexts(),
    scoredAgents: optional(z.array(fullAnalyticsScoredAgent())),
    properties: optional(z.array(fullAnalyticsProperty())),
  }),
)

const fullAnalyticsFlowOutcome: () => z.ZodType<AnalyticsFlowOutcome> = lazy(() =>
  z.looseObject({
    flowOutcome: optionalText(),
    flowOutcomeEndTimestamp: optionalText(),
    flowOutcomeId: optionalText(),
    flowOutcomeStartTimestamp: optionalText(),
    flowOutcomeValue: optionalText(),
  }),
)

const fullAnalyticsScoredAgent: () => z.ZodType<AnalyticsScoredAgent> = lazy(() =>
  z.looseObject({
    agentScore: optionalNumber(),
    scoredAgentId: optionalText(),
  }),
)

const fullAnalyticsProperty: () => z.ZodType<AnalyticsProperty> = lazy(() =>
  z.looseObject({
    property: optionalText(),
    propertyType: optional(
      openEnum('AnalyticsProperty.propertyType', ['bool', 'integer', 'real', 'date', 'string', 'uuid']),
    ),
    value: optionalText(),
  }),
)

const fullAnalyticsConversationWithoutAttributesMultiGetResponse: () => z.ZodType<AnalyticsConversationWithoutAttributesMultiGetResponse> =
  lazy(() =>
    z.looseObject({
      conversations: optional(z.array(fullAnalyticsConversationWithoutAttributes())),
    }),
  )

/** @internal */
export const analyticsConversationQueryResponse: ResponseSchemas<AnalyticsConversationQueryResponse> = responseSchemas(
  () =>
    z.looseObject({
      conversations: optional(
        z.array(row<AnalyticsConversationWithoutAttributes>({ conversationId: 'string', conversationStart: 'string' })),
      ),
      totalHits: optionalNumber(),
    }),
  fullAnalyticsConversationQueryResponse,
)

/** @internal */
export const analyticsConversationWithoutAttributesMultiGetResponse: ResponseSchemas<AnalyticsConversationWithoutAttributesMultiGetResponse> =
  responseSchemas(
    () =>
      z.looseObject({
        conversations: optional(
          z.array(
            row<AnalyticsConversationWithoutAttributes>({ conversationId: 'string', conversationStart: 'string' }),
          ),
        ),
      }),
    fullAnalyticsConversationWithoutAttributesMultiGetResponse,
  )

/** @internal */
export const analyticsConversationWithoutAttributes: ResponseSchemas<AnalyticsConversationWithoutAttributes> =
  responseSchemas(
    () =>
      z.looseObject({
        conversationId: text(),
        conversationStart: text(),
      }),
    fullAnalyticsConversationWithoutAttributes,
  )

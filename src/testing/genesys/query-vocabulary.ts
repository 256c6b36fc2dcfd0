/**
 * The names that the filters of a conversation details query may ask for, and what values they take: facts, read from
 * the official SDKs. Nothing here says which of them the simulated conversations have.
 */

/** What can be compared with a dimension: one of a closed list, or something of a kind. A date is ISO-8601. */
export type Values = readonly string[] | 'text' | 'number' | 'date'

/** What the predicates of one kind of filter may ask for. */
export interface Vocabulary {
  readonly dimensions: Readonly<Record<string, Values>>
  readonly metrics: readonly string[]
  /** Whether they may ask for a property, by a name of the customer's own. */
  readonly properties: boolean
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

function each(names: readonly string[], values: Values): Record<string, Values> {
  return Object.fromEntries(names.map((name) => [name, values]))
}

const BOOLEAN = ['true', 'false']
const DIRECTIONS = ['inbound', 'outbound']
const PURPOSES = words(`
  acd agent api botflow campaign customer dialer external fax group inbound ivr manual outbound station user
  voicemail voicesurveyflow workflow
`)
const ROUTINGS = words('Bullseye Conditional Direct Last Manual Predictive Preferred Standard Vip')
const CONVERSATION_METRICS = words(`
  nBlindTransferred nBotInteractions nCallbackAttempts nCallbackOverSla nCallbackScheduled nCobrowseSessions
  nConnected nConsult nConsultTransferred nConversations nError nFlow nFlowMilestone nFlowOutcome nFlowOutcomeFailed
  nOffered nOutbound nOutboundAbandoned nOutboundAttempted nOutboundConnected nOverSla nStateTransitionError
  nTakeover nTransferred oAudioMessageCount oExternalAudioMessageCount oExternalMediaCount oFlowMilestone
  oMediaCount oMessageCount oMessageSegmentCount oMessageTurn oSkillExpressionApplications tAbandon tAcd
  tActiveCallback tActiveCallbackComplete tAcw tAgentResponseTime tAgentVideoConnected tAlert tAnswered
  tAverageAgentResponseTime tAverageCustomerResponseTime tBarging tCoaching tCoachingComplete tConnected tContacting
  tConversationDuration tDialing tFirstConnect tFirstDial tFirstEngagement tFirstResponse tFlow tFlowDisconnect
  tFlowExit tFlowOut tFlowOutcome tHandle tHeld tHeldComplete tIvr tMonitoring tMonitoringComplete tNotResponding
  tPark tParkComplete tScreenMonitoring tShortAbandon tSnippetRecord tTalk tTalkComplete tTransmitting
  tUserResponseTime tVoicemail
`)
const SEGMENT_TEXTS = words(`
  addressFrom addressTo agentAssistantId ani bargedParticipantId callbackNumber canonicalExternalContactId
  coachedParticipantId destinationAddress destinationConversationId dnis edgeId errorCode exitReason
  extendedDeliveryStatus externalContactId externalOrganizationId flowId flowName flowOutType flowOutcome
  flowOutcomeId flowOutcomeValue flowVersion groupId journeyActionId journeyActionMapId journeyCustomerId
  journeyCustomerIdType journeyCustomerSessionId messageType monitoredParticipantId outboundCampaignId
  outboundContactId outboundContactListId participantName protocolCallId provider queueId remote
  remoteNameDisplayable requestedLanguageId requestedRoutingSkillId scoredAgentId screenMonitoredUserId scriptId
  sessionDnis sipResponseCode skillExpressionId subject teamId transferTargetAddress transferTargetName transferType
  userId wrapUpCode wrapUpNote
`)
const SEGMENT_FLAGS = words(`
  agentOwned authenticated cleared conference deliveryPushed recording screenRecording snippetRecording
`)
const DISCONNECT_TYPES = words(`
  client conferenceTransfer consultTransfer dndEndpoint dndTransfer endpoint error forwardTransfer inactivity
  noAnswerTransfer notAvailableTransfer other peer sessionExpired spam system takeover timeout transfer
  transportFailure uncallable
`)
const ENGAGEMENT_SOURCES = words(`
  AppleMessagesForBusiness Discord Email Facebook FacebookMessenger Glassdoor GoogleBusinessProfile Instagram
  KakaoTalk Line LinkedIn MicrosoftTeams MobileChat Other QQ Reddit ServiceNow SFDC SMS Snapchat Telegram Threads
  Trustpilot Unspecified Viber WebChat WeChat Weibo WhatsApp X Yelp YouTube Zendesk OpenMessaging
`)
const MEDIA_TYPES = words(`
  callback chat cobrowse email internalmessage message screenmonitoring screenshare unknown video voice
`)
const SEGMENT_TYPES = words(`
  alert barging callback coaching contacting converting delay dialing hold interact ivr monitoring parked scheduled
  screenmonitoring sharing system transmitting unknown uploading voicemail wrapup
`)
const EVALUATION_DIMENSIONS = words(`
  assigneeApplicable assigneeId calibrationId contextId deleted evaluationId evaluationStatus evaluatorId eventTime
  formId formName queueId released rescored systemSubmitted userId
`)
const SURVEY_DIMENSIONS = words(`
  eventTime queueId surveyCompletedDate surveyFormContextId surveyFormId surveyId surveyPartialResponse
  surveyPromoterScore surveyStatus surveyType userId
`)

export const PROPERTY_TYPES = ['bool', 'integer', 'real', 'date', 'string', 'uuid']

const conversationFilters: Vocabulary = {
  dimensions: {
    ...each(words('accessAttribute conversationId divisionId externalTag'), 'text'),
    ...each(words('mediaStatsMinConversationMos'), 'number'),
    ...each(words('conversationEnd conversationStart'), 'date'),
    ...each(words('customerParticipation originatingSocialMediaPublic'), BOOLEAN),
    conversationInitiator: PURPOSES,
    originatingDirection: DIRECTIONS,
  },
  metrics: CONVERSATION_METRICS,
  properties: false,
}

const segmentFilters: Vocabulary = {
  dimensions: {
    ...each(SEGMENT_TEXTS, 'text'),
    ...each(words('mediaCount'), 'number'),
    ...each(words('callbackScheduledTime detectedSpeechEnd detectedSpeechStart segmentEnd'), 'date'),
    ...each(SEGMENT_FLAGS, BOOLEAN),
    deliveryStatus: words('DeliveryFailed DeliveryPushed DeliverySuccess Failed Published Queued Read Received Sent'),
    direction: DIRECTIONS,
    disconnectType: DISCONNECT_TYPES,
    engagementSource: ENGAGEMENT_SOURCES,
    flaggedReason: words('general'),
    mediaType: MEDIA_TYPES,
    purpose: PURPOSES,
    segmentType: SEGMENT_TYPES,
    usedRouting: ROUTINGS,
    requestedRouting: ROUTINGS,
  },
  metrics: words('tSegmentDuration'),
  properties: true,
}

const evaluationFilters: Vocabulary = {
  dimensions: each(EVALUATION_DIMENSIONS, 'text'),
  metrics: words('oTotalCriticalScore oTotalScore'),
  properties: false,
}

const surveyFilters: Vocabulary = {
  dimensions: each(SURVEY_DIMENSIONS, 'text'),
  metrics: words('oSurveyTotalScore'),
  properties: false,
}

const resolutionFilters: Vocabulary = {
  dimensions: {},
  metrics: words('nNextContactAvoided'),
  properties: false,
}

/** By the member of the body that the filters stand in. */
export const VOCABULARIES = {
  conversationFilters,
  segmentFilters,
  evaluationFilters,
  surveyFilters,
  resolutionFilters,
} as const

// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.

export interface ConversationQuery {
  conversationFilters?: readonly ConversationDetailQueryFilter[] | undefined
  segmentFilters?: readonly SegmentDetailQueryFilter[] | undefined
  evaluationFilters?: readonly EvaluationDetailQueryFilter[] | undefined
  surveyFilters?: readonly SurveyDetailQueryFilter[] | undefined
  resolutionFilters?: readonly ResolutionDetailQueryFilter[] | undefined
  order?: 'asc' | 'desc' | 'unordered' | undefined
  orderBy?: 'conversationStart' | 'conversationEnd' | 'segmentStart' | 'segmentEnd' | undefined
  interval: string
  aggregations?: readonly AnalyticsQueryAggregation[] | undefined
  paging?: PagingSpec | undefined
}

export interface ConversationDetailQueryFilter {
  type: 'and' | 'or'
  clauses?: readonly ConversationDetailQueryClause[] | undefined
  predicates?: readonly ConversationDetailQueryPredicate[] | undefined
}

export interface SegmentDetailQueryFilter {
  type: 'and' | 'or'
  clauses?: readonly SegmentDetailQueryClause[] | undefined
  predicates?: readonly SegmentDetailQueryPredicate[] | undefined
}

export interface EvaluationDetailQueryFilter {
  type: 'and' | 'or'
  clauses?: readonly EvaluationDetailQueryClause[] | undefined
  predicates?: readonly EvaluationDetailQueryPredicate[] | undefined
}

export interface SurveyDetailQueryFilter {
  type: 'and' | 'or'
  clauses?: readonly SurveyDetailQueryClause[] | undefined
  predicates?: readonly SurveyDetailQueryPredicate[] | undefined
}

export interface ResolutionDetailQueryFilter {
  type: 'and' | 'or'
  clauses?: readonly ResolutionDetailQueryClause[] | undefined
  predicates?: readonly ResolutionDetailQueryPredicate[] | undefined
}

export type AnalyticsQueryAggregation =
  | {
      type?: 'termFrequency' | undefined
      dimension: string
      metric?: undefined
      size?: number | undefined
      ranges?: undefined
    }
  | {
      type?: 'numericRange' | undefined
      dimension?: undefined
      metric: string
      size?: undefined
      ranges: readonly AggregationRange[]
    }

export interface PagingSpec {
  pageSize: number
  pageNumber: number
}

export interface ConversationDetailQueryClause {
  type: 'and' | 'or'
  predicates: readonly ConversationDetailQueryPredicate[]
}

export type ConversationDetailQueryPredicate =
  | {
      type?: 'dimension' | undefined
      dimension: ConversationDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'dimension' | undefined
      dimension: ConversationDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'dimension' | undefined
      dimension: ConversationDimension
      metric?: undefined
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: ConversationMetric
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: ConversationMetric
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: ConversationMetric
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }

export interface SegmentDetailQueryClause {
  type: 'and' | 'or'
  predicates: readonly SegmentDetailQueryPredicate[]
}

export type SegmentDetailQueryPredicate =
  | {
      type?: 'dimension' | undefined
      dimension: SegmentDimension
      propertyType?: undefined
      property?: undefined
      metric?: undefined
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'dimension' | undefined
      dimension: SegmentDimension
      propertyType?: undefined
      property?: undefined
      metric?: undefined
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'dimension' | undefined
      dimension: SegmentDimension
      propertyType?: undefined
      property?: undefined
      metric?: undefined
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }
  | {
      type?: 'property' | undefined
      dimension?: undefined
      propertyType: 'bool' | 'integer' | 'real' | 'date' | 'string' | 'uuid'
      property: string
      metric?: undefined
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'property' | undefined
      dimension?: undefined
      propertyType: 'bool' | 'integer' | 'real' | 'date' | 'string' | 'uuid'
      property: string
      metric?: undefined
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'property' | undefined
      dimension?: undefined
      propertyType: 'bool' | 'integer' | 'real' | 'date' | 'string' | 'uuid'
      property: string
      metric?: undefined
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      propertyType?: undefined
      property?: undefined
      metric: 'tSegmentDuration'
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      propertyType?: undefined
      property?: undefined
      metric: 'tSegmentDuration'
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      propertyType?: undefined
      property?: undefined
      metric: 'tSegmentDuration'
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }

export interface EvaluationDetailQueryClause {
  type: 'and' | 'or'
  predicates: readonly EvaluationDetailQueryPredicate[]
}

export type EvaluationDetailQueryPredicate =
  | {
      type?: 'dimension' | undefined
      dimension: EvaluationDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'dimension' | undefined
      dimension: EvaluationDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'dimension' | undefined
      dimension: EvaluationDimension
      metric?: undefined
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oTotalCriticalScore' | 'oTotalScore'
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oTotalCriticalScore' | 'oTotalScore'
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oTotalCriticalScore' | 'oTotalScore'
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }

export interface SurveyDetailQueryClause {
  type: 'and' | 'or'
  predicates: readonly SurveyDetailQueryPredicate[]
}

export type SurveyDetailQueryPredicate =
  | {
      type?: 'dimension' | undefined
      dimension: SurveyDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'dimension' | undefined
      dimension: SurveyDimension
      metric?: undefined
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'dimension' | undefined
      dimension: SurveyDimension
      metric?: undefined
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oSurveyTotalScore'
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oSurveyTotalScore'
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'metric' | undefined
      dimension?: undefined
      metric: 'oSurveyTotalScore'
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }

export interface ResolutionDetailQueryClause {
  type: 'and' | 'or'
  predicates: readonly ResolutionDetailQueryPredicate[]
}

export type ResolutionDetailQueryPredicate =
  | {
      type?: 'metric' | undefined
      metric: 'nNextContactAvoided'
      operator?: 'matches' | undefined
      value: string
      range?: undefined
    }
  | {
      type?: 'metric' | undefined
      metric: 'nNextContactAvoided'
      operator?: 'matches' | undefined
      value?: undefined
      range: NumericRange
    }
  | {
      type?: 'metric' | undefined
      metric: 'nNextContactAvoided'
      operator: 'exists' | 'notExists'
      value?: undefined
      range?: undefined
    }

export interface AggregationRange {
  gte?: number | undefined
  lt?: number | undefined
}

export interface NumericRange {
  gt?: number | undefined
  gte?: number | undefined
  lt?: number | undefined
  lte?: number | undefined
}

export type ConversationDimension =
  | 'accessAttribute'
  | 'conversationEnd'
  | 'conversationId'
  | 'conversationInitiator'
  | 'conversationStart'
  | 'customerParticipation'
  | 'divisionId'
  | 'externalTag'
  | 'mediaStatsMinConversationMos'
  | 'originatingDirection'
  | 'originatingSocialMediaPublic'

export type ConversationMetric =
  | 'nBlindTransferred'
  | 'nBotInteractions'
  | 'nCallbackAttempts'
  | 'nCallbackOverSla'
  | 'nCallbackScheduled'
  | 'nCobrowseSessions'
  | 'nConnected'
  | 'nConsult'
  | 'nConsultTransferred'
  | 'nConversations'
  | 'nError'
  | 'nFlow'
  | 'nFlowMilestone'
  | 'nFlowOutcome'
  | 'nFlowOutcomeFailed'
  | 'nOffered'
  | 'nOutbound'
  | 'nOutboundAbandoned'
  | 'nOutboundAttempted'
  | 'nOutboundConnected'
  | 'nOverSla'
  | 'nStateTransitionError'
  | 'nTakeover'
  | 'nTransferred'
  | 'oAudioMessageCount'
  | 'oExternalAudioMessageCount'
  | 'oExternalMediaCount'
  | 'oFlowMilestone'
  | 'oMediaCount'
  | 'oMessageCount'
  | 'oMessageSegmentCount'
  | 'oMessageTurn'
  | 'oSkillExpressionApplications'
  | 'tAbandon'
  | 'tAcd'
  | 'tActiveCallback'
  | 'tActiveCallbackComplete'
  | 'tAcw'
  | 'tAgentResponseTime'
  | 'tAgentVideoConnected'
  | 'tAlert'
  | 'tAnswered'
  | 'tAverageAgentResponseTime'
  | 'tAverageCustomerResponseTime'
  | 'tBarging'
  | 'tCoaching'
  | 'tCoachingComplete'
  | 'tConnected'
  | 'tContacting'
  | 'tConversationDuration'
  | 'tDialing'
  | 'tFirstConnect'
  | 'tFirstDial'
  | 'tFirstEngagement'
  | 'tFirstResponse'
  | 'tFlow'
  | 'tFlowDisconnect'
  | 'tFlowExit'
  | 'tFlowOut'
  | 'tFlowOutcome'
  | 'tHandle'
  | 'tHeld'
  | 'tHeldComplete'
  | 'tIvr'
  | 'tMonitoring'
  | 'tMonitoringComplete'
  | 'tNotResponding'
  | 'tPark'
  | 'tParkComplete'
  | 'tScreenMonitoring'
  | 'tShortAbandon'
  | 'tSnippetRecord'
  | 'tTalk'
  | 'tTalkComplete'
  | 'tTransmitting'
  | 'tUserResponseTime'
  | 'tVoicemail'

export type SegmentDimension =
  | 'addressFrom'
  | 'addressTo'
  | 'agentAssistantId'
  | 'agentOwned'
  | 'ani'
  | 'authenticated'
  | 'bargedParticipantId'
  | 'callbackNumber'
  | 'callbackScheduledTime'
  | 'canonicalExternalContactId'
  | 'cleared'
  | 'coachedParticipantId'
  | 'conference'
  | 'deliveryPushed'
  | 'deliveryStatus'
  | 'destinationAddress'
  | 'destinationConversationId'
  | 'detectedSpeechEnd'
  | 'detectedSpeechStart'
  | 'direction'
  | 'disconnectType'
  | 'dnis'
  | 'edgeId'
  | 'engagementSource'
  | 'errorCode'
  | 'exitReason'
  | 'extendedDeliveryStatus'
  | 'externalContactId'
  | 'externalOrganizationId'
  | 'flaggedReason'
  | 'flowId'
  | 'flowName'
  | 'flowOutType'
  | 'flowOutcome'
  | 'flowOutcomeId'
  | 'flowOutcomeValue'
  | 'flowVersion'
  | 'groupId'
  | 'journeyActionId'
  | 'journeyActionMapId'
  | 'journeyCustomerId'
  | 'journeyCustomerIdType'
  | 'journeyCustomerSessionId'
  | 'mediaCount'
  | 'mediaType'
  | 'messageType'
  | 'monitoredParticipantId'
  | 'outboundCampaignId'
  | 'outboundContactId'
  | 'outboundContactListId'
  | 'participantName'
  | 'protocolCallId'
  | 'provider'
  | 'purpose'
  | 'queueId'
  | 'recording'
  | 'remote'
  | 'remoteNameDisplayable'
  | 'requestedLanguageId'
  | 'requestedRouting'
  | 'requestedRoutingSkillId'
  | 'scoredAgentId'
  | 'screenMonitoredUserId'
  | 'screenRecording'
  | 'scriptId'
  | 'segmentEnd'
  | 'segmentType'
  | 'sessionDnis'
  | 'sipResponseCode'
  | 'skillExpressionId'
  | 'snippetRecording'
  | 'subject'
  | 'teamId'
  | 'transferTargetAddress'
  | 'transferTargetName'
  | 'transferType'
  | 'usedRouting'
  | 'userId'
  | 'wrapUpCode'
  | 'wrapUpNote'

export type EvaluationDimension =
  | 'assigneeApplicable'
  | 'assigneeId'
  | 'calibrationId'
  | 'contextId'
  | 'deleted'
  | 'evaluationId'
  | 'evaluationStatus'
  | 'evaluatorId'
  | 'eventTime'
  | 'formId'
  | 'formName'
  | 'queueId'
  | 'released'
  | 'rescored'
  | 'systemSubmitted'
  | 'userId'

export type SurveyDimension =
  | 'eventTime'
  | 'queueId'
  | 'surveyCompletedDate'
  | 'surveyFormContextId'
  | 'surveyFormId'
  | 'surveyId'
  | 'surveyPartialResponse'
  | 'surveyPromoterScore'
  | 'surveyStatus'
  | 'surveyType'
  | 'userId'

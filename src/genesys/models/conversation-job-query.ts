// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import type {
  ConversationDetailQueryFilter,
  SegmentDetailQueryFilter,
  EvaluationDetailQueryFilter,
  SurveyDetailQueryFilter,
  ResolutionDetailQueryFilter,
} from './conversation-query.js'

export interface AsyncConversationQuery {
  conversationFilters?: readonly ConversationDetailQueryFilter[] | undefined
  segmentFilters?: readonly SegmentDetailQueryFilter[] | undefined
  evaluationFilters?: readonly EvaluationDetailQueryFilter[] | undefined
  surveyFilters?: readonly SurveyDetailQueryFilter[] | undefined
  resolutionFilters?: readonly ResolutionDetailQueryFilter[] | undefined
  order?: 'asc' | 'desc' | 'unordered' | undefined
  orderBy?: 'conversationStart' | 'conversationEnd' | 'segmentStart' | 'segmentEnd' | undefined
  interval: string
  limit?: number | undefined
  startOfDayIntervalMatching?: boolean | undefined
}

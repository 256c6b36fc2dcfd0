// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.

export interface UserSearchRequest {
  sortOrder?: 'ASC' | 'DESC' | 'SCORE' | undefined
  sortBy?: string | undefined
  pageSize?: number | undefined
  pageNumber?: number | undefined
  sort?: readonly SearchSort[] | undefined
  expand?: readonly string[] | undefined
  query?: readonly UserSearchCriteria[] | undefined
  integrationPresenceSource?: 'MicrosoftTeams' | 'ZoomPhone' | 'EightByEight' | undefined
  enforcePermissions?: boolean | undefined
}

export interface SearchSort {
  sortOrder?: 'ASC' | 'DESC' | 'SCORE' | undefined
  sortBy?: string | undefined
}

export interface UserSearchCriteria {
  endValue?: string | undefined
  values?: readonly string[] | undefined
  startValue?: string | undefined
  value?: string | undefined
  operator?: 'AND' | 'OR' | 'NOT' | undefined
  group?: readonly UserSearchCriteria[] | undefined
  dateFormat?: string | undefined
  fields?: readonly string[] | undefined
  type: UserSearchCriteriaType
}

export type UserSearchCriteriaType =
  'EXACT' | 'STARTS_WITH' | 'CONTAINS' | 'REGEX' | 'TERM' | 'TERMS' | 'REQUIRED_FIELDS' | 'MATCH_ALL' | 'QUERY_STRING'

// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.

export interface UserSearchRequest {
  fields?: readonly string[] | undefined
  filter?: Record<string, unknown> | undefined
  operations?: Record<string, unknown> | undefined
  orderBy?: Record<string, unknown> | undefined
  skip?: number | undefined
  top?: number | undefined
}

// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.

/** @internal */
export interface DataExtractionRequest {
  endDate?: string | undefined
  entityName?: string | undefined
  startDate?: string | undefined
  version?: string | undefined
}

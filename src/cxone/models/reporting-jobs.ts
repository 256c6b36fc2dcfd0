// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { optionalText, textOrNumber } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'

export interface ReportingJob {
  jobId: string | number
  state?: string
  resultFileURL?: string
}

const fullReportingJob: () => z.ZodType<ReportingJob> = lazy(() =>
  z.looseObject({
    jobId: textOrNumber(),
    state: optionalText(),
    resultFileURL: optionalText(),
  }),
)

/** @internal */
export const reportingJob: ResponseSchemas<ReportingJob> = responseSchemas(
  () =>
    z.looseObject({
      jobId: textOrNumber(),
      state: optionalText(),
      resultFileURL: optionalText(),
    }),
  fullReportingJob,
)

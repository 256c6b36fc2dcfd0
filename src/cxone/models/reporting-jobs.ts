// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { answer, type Answer } from '../../platform/models/answer.js'
import { optionalText, textOrNumber } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'

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
export const reportingJob: Answer<ReportingJob> = answer(
  () =>
    z.looseObject({
      jobId: textOrNumber(),
      state: optionalText(),
      resultFileURL: optionalText(),
    }),
  fullReportingJob,
)

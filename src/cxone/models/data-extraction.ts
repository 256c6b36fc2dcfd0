// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { optional, optionalText, text } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'
import { row } from '../../platform/models/row.js'

/** @internal */
export interface DataExtractionJobList {
  jobs?: DataExtractionJob[]
}

/** @internal */
export interface DataExtractionJobResponse {
  jobStatus: DataExtractionJob
}

export interface DataExtractionJob {
  id: string
  result?: DataExtractionResult
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'EXPIRED' | (string & {})
}

export interface DataExtractionResult {
  errorMessage?: string
  url?: string
}

const fullDataExtractionJobList: () => z.ZodType<DataExtractionJobList> = lazy(() =>
  z.looseObject({
    jobs: optional(z.array(fullDataExtractionJob())),
  }),
)

const fullDataExtractionJobResponse: () => z.ZodType<DataExtractionJobResponse> = lazy(() =>
  z.looseObject({
    jobStatus: fullDataExtractionJob(),
  }),
)

const fullDataExtractionJob: () => z.ZodType<DataExtractionJob> = lazy(() =>
  z.looseObject({
    id: text(),
    result: optional(fullDataExtractionResult()),
    status: openEnum('DataExtractionJob.status', ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED']),
  }),
)

const fullDataExtractionResult: () => z.ZodType<DataExtractionResult> = lazy(() =>
  z.looseObject({
    errorMessage: optionalText(),
    url: optionalText(),
  }),
)

/** @internal */
export const dataExtractionJobList: ResponseSchemas<DataExtractionJobList> = responseSchemas(
  () =>
    z.looseObject({
      jobs: optional(z.array(row<DataExtractionJob>({ id: 'string', status: 'string' }))),
    }),
  fullDataExtractionJobList,
)

/** @internal */
export const dataExtractionJobResponse: ResponseSchemas<DataExtractionJobResponse> = responseSchemas(
  () =>
    z.looseObject({
      jobStatus: z.looseObject({
        id: text(),
        status: openEnum('DataExtractionJob.status', ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED']),
        result: optional(
          z.looseObject({
            errorMessage: optionalText(),
            url: optionalText(),
          }),
        ),
      }),
    }),
  fullDataExtractionJobResponse,
)

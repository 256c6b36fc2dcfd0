// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { optional, optionalNumber, optionalText, text } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'

/** @internal */
export interface AcdError {
  error?: string
  error_description?: string
}

/** @internal */
export interface UserHubError {
  code?: string
  details?: string
  entityType?: string
  errors?: Record<string, unknown>
  hostname?: string
}

/** @internal */
export interface UserHubUnauthorized {
  error?: string
  message?: string
  path?: string
  status?: number
  timestamp?: string
}

const fullAcdError: () => z.ZodType<AcdError> = lazy(() =>
  z.looseObject({
    error: optionalText(),
    error_description: optionalText(),
  }),
)

const fullUserHubError: () => z.ZodType<UserHubError> = lazy(() =>
  z.looseObject({
    code: optionalText(),
    details: optionalText(),
    entityType: optionalText(),
    errors: optional(z.record(text(), z.unknown())),
    hostname: optionalText(),
  }),
)

const fullUserHubUnauthorized: () => z.ZodType<UserHubUnauthorized> = lazy(() =>
  z.looseObject({
    error: optionalText(),
    message: optionalText(),
    path: optionalText(),
    status: optionalNumber(),
    timestamp: optionalText(),
  }),
)

/** @internal */
export const acdError: ResponseSchemas<AcdError> = responseSchemas(
  () =>
    z.looseObject({
      error: optionalText(),
      error_description: optionalText(),
    }),
  fullAcdError,
)

/** @internal */
export const userHubError: ResponseSchemas<UserHubError> = responseSchemas(
  () =>
    z.looseObject({
      code: optionalText(),
      details: optionalText(),
    }),
  fullUserHubError,
)

/** @internal */
export const userHubUnauthorized: ResponseSchemas<UserHubUnauthorized> = responseSchemas(
  () =>
    z.looseObject({
      error: optionalText(),
      message: optionalText(),
    }),
  fullUserHubUnauthorized,
)

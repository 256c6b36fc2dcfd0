// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { optional, optionalText, optionalTruth, text } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'

/** @internal */
export interface OpenidConfiguration {
  authorization_endpoint?: string
  claim_types_supported?: ('normal' | (string & {}))[]
  display_values_supported?: ('page' | 'popup' | (string & {}))[]
  end_session_endpoint?: string
  id_token_signing_alg_values_supported?: ('RS256' | (string & {}))[]
  issuer?: 'https://cxone.niceincontact.com' | 'https://cxone-gov.niceincontact.com' | (string & {})
  request_object_signing_alg_values_supported?: ('none' | (string & {}))[]
  response_types_supported?: ('code' | (string & {}))[]
  scopes_supported?: ('openid' | (string & {}))[]
  subject_types_supported?: ('public' | (string & {}))[]
  token_endpoint: string
  token_endpoint_auth_methods_supported?: ('client_secret_basic' | (string & {}))[]
  token_endpoint_auth_signing_alg_values_supported?: ('RS256' | (string & {}))[]
}

/** @internal */
export interface CxoneConfiguration {
  acdDomain?: string
  api_endpoint: string
  area?: string
  auth_endpoint?: string
  cluster?: string
  domain?: string
  globaldomain?: string
  private?: boolean
  tenantId?: string
  uhDomain?: string
  ui_endpoint?: string
}

const fullOpenidConfiguration: () => z.ZodType<OpenidConfiguration> = lazy(() =>
  z.looseObject({
    authorization_endpoint: optionalText(),
    claim_types_supported: optional(z.array(openEnum('OpenidConfiguration.claim_types_supported', ['normal']))),
    display_values_supported: optional(
      z.array(openEnum('OpenidConfiguration.display_values_supported', ['page', 'popup'])),
    ),
    end_session_endpoint: optionalText(),
    id_token_signing_alg_values_supported: optional(
      z.array(openEnum('OpenidConfiguration.id_token_signing_alg_values_supported', ['RS256'])),
    ),
    issuer: optional(
      openEnum('OpenidConfiguration.issuer', [
        'https://cxone.niceincontact.com',
        'https://cxone-gov.niceincontact.com',
      ]),
    ),
    request_object_signing_alg_values_supported: optional(
      z.array(openEnum('OpenidConfiguration.request_object_signing_alg_values_supported', ['none'])),
    ),
    response_types_supported: optional(z.array(openEnum('OpenidConfiguration.response_types_supported', ['code']))),
    scopes_supported: optional(z.array(openEnum('OpenidConfiguration.scopes_supported', ['openid']))),
    subject_types_supported: optional(z.array(openEnum('OpenidConfiguration.subject_types_supported', ['public']))),
    token_endpoint: text(),
    token_endpoint_auth_methods_supported: optional(
      z.array(openEnum('OpenidConfiguration.token_endpoint_auth_methods_supported', ['client_secret_basic'])),
    ),
    token_endpoint_auth_signing_alg_values_supported: optional(
      z.array(openEnum('OpenidConfiguration.token_endpoint_auth_signing_alg_values_supported', ['RS256'])),
    ),
  }),
)

const fullCxoneConfiguration: () => z.ZodType<CxoneConfiguration> = lazy(() =>
  z.looseObject({
    acdDomain: optionalText(),
    api_endpoint: text(),
    area: optionalText(),
    auth_endpoint: optionalText(),
    cluster: optionalText(),
    domain: optionalText(),
    globaldomain: optionalText(),
    private: optionalTruth(),
    tenantId: optionalText(),
    uhDomain: optionalText(),
    ui_endpoint: optionalText(),
  }),
)

/** @internal */
export const openidConfiguration: ResponseSchemas<OpenidConfiguration> = responseSchemas(
  () =>
    z.looseObject({
      token_endpoint: text(),
      issuer: optional(
        openEnum('OpenidConfiguration.issuer', [
          'https://cxone.niceincontact.com',
          'https://cxone-gov.niceincontact.com',
        ]),
      ),
    }),
  fullOpenidConfiguration,
)

/** @internal */
export const cxoneConfiguration: ResponseSchemas<CxoneConfiguration> = responseSchemas(
  () =>
    z.looseObject({
      api_endpoint: text(),
    }),
  fullCxoneConfiguration,
)

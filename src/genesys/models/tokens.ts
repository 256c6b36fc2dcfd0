// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import * as z from 'zod'
import { optional, optionalText, optionalTexts } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'

export interface TokenInfo {
  organization?: NamedEntity
  homeOrganization?: NamedEntity
  authorizedScope?: string[]
  clonedUser?: TokenInfoClonedUser
  dateTokenIdles?: string
  OAuthClient?: OrgOAuthClient
}

export interface NamedEntity {
  id?: string
  name?: string
}

export interface TokenInfoClonedUser {
  id?: string
  organization?: Entity
}

export interface OrgOAuthClient {
  id?: string
  name?: string
  dateCreated?: string
  dateModified?: string
  createdBy?: DomainEntityRef
  modifiedBy?: DomainEntityRef
  authorizedGrantType?: 'CODE' | 'TOKEN' | 'SAML2-BEARER' | 'PASSWORD' | 'CLIENT-CREDENTIALS' | (string & {})
  scope?: string[]
  roleDivisions?: RoleDivision[]
  state?: 'active' | 'disabled' | 'inactive' | (string & {})
  dateToDelete?: string
  organization?: NamedEntity
}

export interface DomainEntityRef {
  id?: string
  name?: string
  selfUri?: string
}

export interface RoleDivision {
  roleId?: string
  divisionId?: string
}

export interface Entity {
  id?: string
}

/** @internal */
export const fullTokenInfo: () => z.ZodType<TokenInfo> = lazy(() =>
  z.looseObject({
    organization: optional(fullNamedEntity()),
    homeOrganization: optional(fullNamedEntity()),
    authorizedScope: optionalTexts(),
    clonedUser: optional(fullTokenInfoClonedUser()),
    dateTokenIdles: optionalText(),
    OAuthClient: optional(fullOrgOAuthClient()),
  }),
)

const fullNamedEntity: () => z.ZodType<NamedEntity> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
  }),
)

const fullTokenInfoClonedUser: () => z.ZodType<TokenInfoClonedUser> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    organization: optional(fullEntity()),
  }),
)

const fullOrgOAuthClient: () => z.ZodType<OrgOAuthClient> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    dateCreated: optionalText(),
    dateModified: optionalText(),
    createdBy: optional(fullDomainEntityRef()),
    modifiedBy: optional(fullDomainEntityRef()),
    authorizedGrantType: optional(
      openEnum('OrgOAuthClient.authorizedGrantType', [
        'CODE',
        'TOKEN',
        'SAML2-BEARER',
        'PASSWORD',
        'CLIENT-CREDENTIALS',
      ]),
    ),
    scope: optionalTexts(),
    roleDivisions: optional(z.array(fullRoleDivision())),
    state: optional(openEnum('OrgOAuthClient.state', ['active', 'disabled', 'inactive'])),
    dateToDelete: optionalText(),
    organization: optional(fullNamedEntity()),
  }),
)

const fullDomainEntityRef: () => z.ZodType<DomainEntityRef> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    selfUri: optionalText(),
  }),
)

const fullRoleDivision: () => z.ZodType<RoleDivision> = lazy(() =>
  z.looseObject({
    roleId: optionalText(),
    divisionId: optionalText(),
  }),
)

const fullEntity: () => z.ZodType<Entity> = lazy(() =>
  z.looseObject({
    id: optionalText(),
  }),
)

/** @internal */
export const tokenInfo: ResponseSchemas<TokenInfo> = responseSchemas(() => z.looseObject({}), fullTokenInfo)

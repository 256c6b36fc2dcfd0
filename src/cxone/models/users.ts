// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import {
  optional,
  optionalNumber,
  optionalText,
  optionalTexts,
  optionalTruth,
  text,
} from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { openEnum } from '../../platform/models/open-enum.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'
import { row } from '../../platform/models/row.js'

/** @internal */
export interface UserSearchResponse {
  skip?: number
  top?: number
  totalRecords?: number
  users: User[]
}

/** @internal */
export interface UserResponse {
  user: User
}

export interface User {
  acdInfos?: AcdInfo[]
  acdUserMappings?: AcdUserMapping[]
  assignedGroup?: string
  billable?: boolean
  country?: string
  creationDate?: string
  customAttributes?: Record<string, unknown>
  deletedDate?: string
  displayName?: string
  divisionId?: number
  emailAddress?: string
  emailToBeVerified?: string
  externalIdentity?: string
  firstName?: string
  fullName?: string
  groupIds?: string[]
  hireDate?: string
  id: string
  impersonated?: boolean
  invitationExpired?: boolean
  lastName?: string
  loginAuthenticatorId?: string
  middleName?: string
  mobileNumber?: string
  mobileNumber2?: string
  modifiable?: boolean
  passwordPolicyUpdated?: boolean
  rank?: number
  role?: string
  roleUUID?: string
  secondaryRoleIds?: string[]
  status?: 'UNREGISTERED' | 'PENDING' | 'ACTIVE' | 'BLOCKED' | 'DELETED' | (string & {})
  teamId?: string
  timeZone?: string
  type?: string
  userName?: string
  views?: UserView[]
}

export interface AcdInfo {
  loginId?: string
}

export interface AcdUserMapping {
  loginId?: string
}

export interface UserView {
  id?: string
  objectType?: string
}

const fullUserSearchResponse: () => z.ZodType<UserSearchResponse> = lazy(() =>
  z.looseObject({
    skip: optionalNumber(),
    top: optionalNumber(),
    totalRecords: optionalNumber(),
    users: z.array(fullUser()),
  }),
)

const fullUserResponse: () => z.ZodType<UserResponse> = lazy(() =>
  z.looseObject({
    user: fullUser(),
  }),
)

const fullUser: () => z.ZodType<User> = lazy(() =>
  z.looseObject({
    acdInfos: optional(z.array(fullAcdInfo())),
    acdUserMappings: optional(z.array(fullAcdUserMapping())),
    assignedGroup: optionalText(),
    billable: optionalTruth(),
    country: optionalText(),
    creationDate: optionalText(),
    customAttributes: optional(z.record(text(), z.unknown())),
    deletedDate: optionalText(),
    displayName: optionalText(),
    divisionId: optionalNumber(),
    emailAddress: optionalText(),
    emailToBeVerified: optionalText(),
    externalIdentity: optionalText(),
    firstName: optionalText(),
    fullName: optionalText(),
    groupIds: optionalTexts(),
    hireDate: optionalText(),
    id: text(),
    impersonated: optionalTruth(),
    invitationExpired: optionalTruth(),
    lastName: optionalText(),
    loginAuthenticatorId: optionalText(),
    middleName: optionalText(),
    mobileNumber: optionalText(),
    mobileNumber2: optionalText(),
    modifiable: optionalTruth(),
    passwordPolicyUpdated: optionalTruth(),
    rank: optionalNumber(),
    role: optionalText(),
    roleUUID: optionalText(),
    secondaryRoleIds: optionalTexts(),
    status: optional(openEnum('User.status', ['UNREGISTERED', 'PENDING', 'ACTIVE', 'BLOCKED', 'DELETED'])),
    teamId: optionalText(),
    timeZone: optionalText(),
    type: optionalText(),
    userName: optionalText(),
    views: optional(z.array(fullUserView())),
  }),
)

const fullAcdInfo: () => z.ZodType<AcdInfo> = lazy(() =>
  z.looseObject({
    loginId: optionalText(),
  }),
)

const fullAcdUserMapping: () => z.ZodType<AcdUserMapping> = lazy(() =>
  z.looseObject({
    loginId: optionalText(),
  }),
)

const fullUserView: () => z.ZodType<UserView> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    objectType: optionalText(),
  }),
)

/** @internal */
export const userSearchResponse: ResponseSchemas<UserSearchResponse> = responseSchemas(
  () =>
    z.looseObject({
      users: z.array(row<User>({ id: 'string' })),
      totalRecords: optionalNumber(),
    }),
  fullUserSearchResponse,
)

/** @internal */
export const userResponse: ResponseSchemas<UserResponse> = responseSchemas(
  () =>
    z.looseObject({
      user: z.looseObject({
        id: text(),
      }),
    }),
  fullUserResponse,
)

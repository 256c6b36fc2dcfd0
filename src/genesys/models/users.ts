// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
import * as z from 'zod'
import {
  number,
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
export interface UserEntityListing {
  entities: User[]
  pageSize?: number
  pageNumber?: number
  total?: number
  lastUri?: string
  firstUri?: string
  selfUri?: string
  nextUri?: string
  previousUri?: string
  pageCount?: number
}

export interface User {
  id: string
  name?: string
  division?: Division
  chat?: Chat
  department?: string
  email?: string
  primaryContactInfo?: Contact[]
  addresses?: Contact[]
  state?: 'active' | 'inactive' | 'deleted' | (string & {})
  title?: string
  username?: string
  manager?: User
  images?: Image[]
  version?: number
  certifications?: string[]
  biography?: Biography
  employerInfo?: EmployerInfo
  preferredName?: string
  routingStatus?: RoutingStatus
  presence?: UserPresence
  integrationPresence?: UserPresence
  conversationSummary?: UserConversationSummary
  outOfOffice?: OutOfOffice
  geolocation?: Geolocation
  station?: UserStations
  authorization?: UserAuthorization
  profileSkills?: string[]
  locations?: Location[]
  groups?: Group[]
  team?: Team
  workPlanBidRanks?: WorkPlanBidRanks
  skills?: UserRoutingSkill[]
  languages?: UserRoutingLanguage[]
  acdAutoAnswer?: boolean
  languagePreference?: string
  lastTokenIssued?: OAuthLastTokenIssued
  dateLastLogin?: string
  dateWelcomeSent?: string
  selfUri?: string
}

export interface Division {
  id?: string
  name?: string
  selfUri?: string
}

export interface Chat {
  jabberId?: string
}

export interface Contact {
  address?: string
  display?: string
  mediaType?: 'PHONE' | 'EMAIL' | 'SMS' | (string & {})
  type?: ContactType
  extension?: string
  countryCode?: string
  integration?: string
}

export interface Image {
  resolution?: string
  imageUri?: string
}

export interface Biography {
  biography?: string
  interests?: string[]
  hobbies?: string[]
  spouse?: string
  education?: Education[]
}

export interface EmployerInfo {
  officialName?: string
  employeeId?: string
  employeeType?: string
  dateHire?: string
}

export interface RoutingStatus {
  userId?: string
  status?: 'OFF_QUEUE' | 'IDLE' | 'INTERACTING' | 'NOT_RESPONDING' | 'COMMUNICATING' | (string & {})
  startTime?: string
}

export interface UserPresence {
  id?: string
  name?: string
  source?: string
  sourceId?: string
  primary?: boolean
  presenceDefinition?: PresenceDefinition
  futurePresenceDefinition?: PresenceDefinition
  message?: string
  modifiedDate?: string
  selfUri?: string
}

export interface UserConversationSummary {
  userId?: string
  call?: MediaSummary
  callback?: MediaSummary
  email?: MediaSummary
  message?: MediaSummary
  chat?: MediaSummary
  socialExpression?: MediaSummary
  video?: MediaSummary
}

export interface OutOfOffice {
  id?: string
  name?: string
  user?: User
  startDate?: string
  endDate?: string
  active?: boolean
  indefinite?: boolean
  selfUri?: string
}

export interface Geolocation {
  id?: string
  name?: string
  type?: string
  primary?: boolean
  latitude?: number
  longitude?: number
  country?: string
  region?: string
  city?: string
  locations?: LocationDefinition[]
  selfUri?: string
}

export interface UserStations {
  associatedStation?: UserStation
  effectiveStation?: UserStation
  defaultStation?: UserStation
  lastAssociatedStation?: UserStation
}

export interface UserAuthorization {
  roles?: DomainRole[]
  unusedRoles?: DomainRole[]
  permissions?: string[]
  permissionPolicies?: ResourcePermissionPolicy[]
}

export interface Location {
  id?: string
  floorplanId?: string
  coordinates?: Record<string, number>
  notes?: string
  locationDefinition?: LocationDefinition
}

export interface Group {
  id?: string
  name?: string
  description?: string
  dateModified?: string
  memberCount?: number
  state?: 'active' | 'inactive' | 'deleted' | (string & {})
  version?: number
  type?: 'official' | 'social' | (string & {})
  images?: Image[]
  addresses?: GroupContact[]
  rulesVisible?: boolean
  visibility?: 'public' | 'owners' | 'members' | (string & {})
  rolesEnabled?: boolean
  includeOwners?: boolean
  callsEnabled?: boolean
  email?: string
  owners?: User[]
  selfUri?: string
}

export interface Team {
  id?: string
  name?: string
  division?: WritableDivision
  description?: string
  dateCreated?: string
  dateModified?: string
  memberCount?: number
  selfUri?: string
}

export interface WorkPlanBidRanks {
  id?: string
  workPlanBiddingPerformance?: number
  biddingTieBreaker?: string
  selfUri?: string
}

export interface UserRoutingSkill {
  id?: string
  name?: string
  proficiency?: number
  state?: 'active' | 'inactive' | 'deleted' | (string & {})
  skillUri?: string
  selfUri?: string
}

export interface UserRoutingLanguage {
  id?: string
  name?: string
  proficiency?: number
  state?: 'active' | 'inactive' | 'deleted' | (string & {})
  languageUri?: string
  selfUri?: string
}

export interface OAuthLastTokenIssued {
  dateIssued?: string
}

export interface Education {
  school?: string
  fieldOfStudy?: string
  notes?: string
  dateStart?: string
  dateEnd?: string
}

export interface PresenceDefinition {
  id?: string
  systemPresence?: string
  selfUri?: string
}

export interface MediaSummary {
  contactCenter?: MediaSummaryDetail
  enterprise?: MediaSummaryDetail
}

export interface LocationDefinition {
  id?: string
  name?: string
  contactUser?: AddressableEntityRef
  emergencyNumber?: LocationEmergencyNumber
  address?: LocationAddress
  state?: 'active' | 'deleted' | (string & {})
  notes?: string
  version?: number
  path?: string[]
  profileImage?: LocationImage[]
  floorplanImage?: LocationImage[]
  addressVerificationDetails?: LocationAddressVerificationDetails
  addressVerified?: boolean
  addressStored?: boolean
  images?: string
  selfUri?: string
}

export interface UserStation {
  id?: string
  name?: string
  type?: string
  associatedUser?: User
  associatedDate?: string
  defaultUser?: User
  providerInfo?: Record<string, string>
  webRtcCallAppearances?: number
}

export interface DomainRole {
  id?: string
  name?: string
}

export interface ResourcePermissionPolicy {
  id?: string
  domain?: string
  entityName?: string
  policyName?: string
  policyDescription?: string
  actionSetKey?: string
  allowConditions?: boolean
  resourceConditionNode?: ResourceConditionNode
  namedResources?: string[]
  resourceCondition?: string
  actionSet?: string[]
}

export interface GroupContact {
  address?: string
  extension?: string
  display?: string
  type?: 'GROUPRING' | 'GROUPPHONE' | (string & {})
  mediaType?: 'PHONE' | (string & {})
}

export interface WritableDivision {
  id?: string
  name?: string
  selfUri?: string
}

export interface MediaSummaryDetail {
  active?: number
  acw?: number
}

export interface AddressableEntityRef {
  id?: string
  selfUri?: string
}

export interface LocationEmergencyNumber {
  e164?: string
  number?: string
  type?: 'default' | 'elin' | (string & {})
}

export interface LocationAddress {
  city?: string
  country?: string
  countryName?: string
  state?: string
  street1?: string
  street2?: string
  zipcode?: string
}

export interface LocationImage {
  resolution?: string
  imageUri?: string
}

export interface LocationAddressVerificationDetails {
  status?: 'Pending' | 'InProgress' | 'Retry' | 'Complete' | 'Failed' | (string & {})
  dateFinished?: string
  dateStarted?: string
  service?: string
}

export interface ResourceConditionNode {
  variableName?: string
  conjunction?: 'AND' | 'OR' | (string & {})
  operator?: 'EQ' | 'IN' | 'GE' | 'GT' | 'LE' | 'LT' | (string & {})
  operands?: ResourceConditionValue[]
  terms?: ResourceConditionNode[]
}

export interface ResourceConditionValue {
  type?: 'SCALAR' | 'VARIABLE' | 'USER' | 'QUEUE' | 'TEAM' | (string & {})
  value?: string
}

/** @internal */
export interface UserCursorEntityListing {
  entities: User[]
  nextUri?: string
  selfUri?: string
  results?: number
  cursor?: string
}

/** @internal */
export interface UsersSearchResponse {
  total?: number
  pageCount?: number
  pageSize?: number
  pageNumber?: number
  previousPage?: string
  currentPage?: string
  nextPage?: string
  types?: string[]
  results: User[]
}

export type ContactType =
  'PRIMARY' | 'WORK' | 'WORK2' | 'WORK3' | 'WORK4' | 'HOME' | 'MOBILE' | 'MAIN' | 'OTHER' | (string & {})

const fullUserEntityListing: () => z.ZodType<UserEntityListing> = lazy(() =>
  z.looseObject({
    entities: z.array(fullUser()),
    pageSize: optionalNumber(),
    pageNumber: optionalNumber(),
    total: optionalNumber(),
    lastUri: optionalText(),
    firstUri: optionalText(),
    selfUri: optionalText(),
    nextUri: optionalText(),
    previousUri: optionalText(),
    pageCount: optionalNumber(),
  }),
)

/** @internal */
export const fullUser: () => z.ZodType<User> = lazy(() =>
  z.looseObject({
    id: text(),
    name: optionalText(),
    division: optional(fullDivision()),
    chat: optional(fullChat()),
    department: optionalText(),
    email: optionalText(),
    primaryContactInfo: optional(z.array(fullContact())),
    addresses: optional(z.array(fullContact())),
    state: optional(openEnum('User.state', ['active', 'inactive', 'deleted'])),
    title: optionalText(),
    username: optionalText(),
    get manager() {
      return optional(fullUser())
    },
    images: optional(z.array(fullImage())),
    version: optionalNumber(),
    certifications: optionalTexts(),
    biography: optional(fullBiography()),
    employerInfo: optional(fullEmployerInfo()),
    preferredName: optionalText(),
    routingStatus: optional(fullRoutingStatus()),
    presence: optional(fullUserPresence()),
    integrationPresence: optional(fullUserPresence()),
    conversationSummary: optional(fullUserConversationSummary()),
    get outOfOffice() {
      return optional(fullOutOfOffice())
    },
    geolocation: optional(fullGeolocation()),
    get station() {
      return optional(fullUserStations())
    },
    authorization: optional(fullUserAuthorization()),
    profileSkills: optionalTexts(),
    locations: optional(z.array(fullLocation())),
    get groups() {
      return optional(z.array(fullGroup()))
    },
    team: optional(fullTeam()),
    workPlanBidRanks: optional(fullWorkPlanBidRanks()),
    skills: optional(z.array(fullUserRoutingSkill())),
    languages: optional(z.array(fullUserRoutingLanguage())),
    acdAutoAnswer: optionalTruth(),
    languagePreference: optionalText(),
    lastTokenIssued: optional(fullOAuthLastTokenIssued()),
    dateLastLogin: optionalText(),
    dateWelcomeSent: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullDivision: () => z.ZodType<Division> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullChat: () => z.ZodType<Chat> = lazy(() =>
  z.looseObject({
    jabberId: optionalText(),
  }),
)

/** @internal */
export const fullContact: () => z.ZodType<Contact> = lazy(() =>
  z.looseObject({
    address: optionalText(),
    display: optionalText(),
    mediaType: optional(openEnum('Contact.mediaType', ['PHONE', 'EMAIL', 'SMS'])),
    type: optional(
      openEnum('Contact.type', ['PRIMARY', 'WORK', 'WORK2', 'WORK3', 'WORK4', 'HOME', 'MOBILE', 'MAIN', 'OTHER']),
    ),
    extension: optionalText(),
    countryCode: optionalText(),
    integration: optionalText(),
  }),
)

/** @internal */
export const fullImage: () => z.ZodType<Image> = lazy(() =>
  z.looseObject({
    resolution: optionalText(),
    imageUri: optionalText(),
  }),
)

/** @internal */
export const fullBiography: () => z.ZodType<Biography> = lazy(() =>
  z.looseObject({
    biography: optionalText(),
    interests: optionalTexts(),
    hobbies: optionalTexts(),
    spouse: optionalText(),
    education: optional(z.array(fullEducation())),
  }),
)

/** @internal */
export const fullEmployerInfo: () => z.ZodType<EmployerInfo> = lazy(() =>
  z.looseObject({
    officialName: optionalText(),
    employeeId: optionalText(),
    employeeType: optionalText(),
    dateHire: optionalText(),
  }),
)

/** @internal */
export const fullRoutingStatus: () => z.ZodType<RoutingStatus> = lazy(() =>
  z.looseObject({
    userId: optionalText(),
    status: optional(
      openEnum('RoutingStatus.status', ['OFF_QUEUE', 'IDLE', 'INTERACTING', 'NOT_RESPONDING', 'COMMUNICATING']),
    ),
    startTime: optionalText(),
  }),
)

/** @internal */
export const fullUserPresence: () => z.ZodType<UserPresence> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    source: optionalText(),
    sourceId: optionalText(),
    primary: optionalTruth(),
    presenceDefinition: optional(fullPresenceDefinition()),
    futurePresenceDefinition: optional(fullPresenceDefinition()),
    message: optionalText(),
    modifiedDate: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullUserConversationSummary: () => z.ZodType<UserConversationSummary> = lazy(() =>
  z.looseObject({
    userId: optionalText(),
    call: optional(fullMediaSummary()),
    callback: optional(fullMediaSummary()),
    email: optional(fullMediaSummary()),
    message: optional(fullMediaSummary()),
    chat: optional(fullMediaSummary()),
    socialExpression: optional(fullMediaSummary()),
    video: optional(fullMediaSummary()),
  }),
)

/** @internal */
export const fullOutOfOffice: () => z.ZodType<OutOfOffice> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    get user() {
      return optional(fullUser())
    },
    startDate: optionalText(),
    endDate: optionalText(),
    active: optionalTruth(),
    indefinite: optionalTruth(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullGeolocation: () => z.ZodType<Geolocation> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    type: optionalText(),
    primary: optionalTruth(),
    latitude: optionalNumber(),
    longitude: optionalNumber(),
    country: optionalText(),
    region: optionalText(),
    city: optionalText(),
    locations: optional(z.array(fullLocationDefinition())),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullUserStations: () => z.ZodType<UserStations> = lazy(() =>
  z.looseObject({
    get associatedStation() {
      return optional(fullUserStation())
    },
    get effectiveStation() {
      return optional(fullUserStation())
    },
    get defaultStation() {
      return optional(fullUserStation())
    },
    get lastAssociatedStation() {
      return optional(fullUserStation())
    },
  }),
)

/** @internal */
export const fullUserAuthorization: () => z.ZodType<UserAuthorization> = lazy(() =>
  z.looseObject({
    roles: optional(z.array(fullDomainRole())),
    unusedRoles: optional(z.array(fullDomainRole())),
    permissions: optionalTexts(),
    permissionPolicies: optional(z.array(fullResourcePermissionPolicy())),
  }),
)

/** @internal */
export const fullLocation: () => z.ZodType<Location> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    floorplanId: optionalText(),
    coordinates: optional(z.record(text(), number())),
    notes: optionalText(),
    locationDefinition: optional(fullLocationDefinition()),
  }),
)

/** @internal */
export const fullGroup: () => z.ZodType<Group> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    description: optionalText(),
    dateModified: optionalText(),
    memberCount: optionalNumber(),
    state: optional(openEnum('Group.state', ['active', 'inactive', 'deleted'])),
    version: optionalNumber(),
    type: optional(openEnum('Group.type', ['official', 'social'])),
    images: optional(z.array(fullImage())),
    addresses: optional(z.array(fullGroupContact())),
    rulesVisible: optionalTruth(),
    visibility: optional(openEnum('Group.visibility', ['public', 'owners', 'members'])),
    rolesEnabled: optionalTruth(),
    includeOwners: optionalTruth(),
    callsEnabled: optionalTruth(),
    email: optionalText(),
    get owners() {
      return optional(z.array(fullUser()))
    },
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullTeam: () => z.ZodType<Team> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    division: optional(fullWritableDivision()),
    description: optionalText(),
    dateCreated: optionalText(),
    dateModified: optionalText(),
    memberCount: optionalNumber(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullWorkPlanBidRanks: () => z.ZodType<WorkPlanBidRanks> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    workPlanBiddingPerformance: optionalNumber(),
    biddingTieBreaker: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullUserRoutingSkill: () => z.ZodType<UserRoutingSkill> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    proficiency: optionalNumber(),
    state: optional(openEnum('UserRoutingSkill.state', ['active', 'inactive', 'deleted'])),
    skillUri: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullUserRoutingLanguage: () => z.ZodType<UserRoutingLanguage> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    proficiency: optionalNumber(),
    state: optional(openEnum('UserRoutingLanguage.state', ['active', 'inactive', 'deleted'])),
    languageUri: optionalText(),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const fullOAuthLastTokenIssued: () => z.ZodType<OAuthLastTokenIssued> = lazy(() =>
  z.looseObject({
    dateIssued: optionalText(),
  }),
)

const fullEducation: () => z.ZodType<Education> = lazy(() =>
  z.looseObject({
    school: optionalText(),
    fieldOfStudy: optionalText(),
    notes: optionalText(),
    dateStart: optionalText(),
    dateEnd: optionalText(),
  }),
)

const fullPresenceDefinition: () => z.ZodType<PresenceDefinition> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    systemPresence: optionalText(),
    selfUri: optionalText(),
  }),
)

const fullMediaSummary: () => z.ZodType<MediaSummary> = lazy(() =>
  z.looseObject({
    contactCenter: optional(fullMediaSummaryDetail()),
    enterprise: optional(fullMediaSummaryDetail()),
  }),
)

/** @internal */
export const fullLocationDefinition: () => z.ZodType<LocationDefinition> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    contactUser: optional(fullAddressableEntityRef()),
    emergencyNumber: optional(fullLocationEmergencyNumber()),
    address: optional(fullLocationAddress()),
    state: optional(openEnum('LocationDefinition.state', ['active', 'deleted'])),
    notes: optionalText(),
    version: optionalNumber(),
    path: optionalTexts(),
    profileImage: optional(z.array(fullLocationImage())),
    floorplanImage: optional(z.array(fullLocationImage())),
    addressVerificationDetails: optional(fullLocationAddressVerificationDetails()),
    addressVerified: optionalTruth(),
    addressStored: optionalTruth(),
    images: optionalText(),
    selfUri: optionalText(),
  }),
)

const fullUserStation: () => z.ZodType<UserStation> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    type: optionalText(),
    get associatedUser() {
      return optional(fullUser())
    },
    associatedDate: optionalText(),
    get defaultUser() {
      return optional(fullUser())
    },
    providerInfo: optional(z.record(text(), text())),
    webRtcCallAppearances: optionalNumber(),
  }),
)

const fullDomainRole: () => z.ZodType<DomainRole> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
  }),
)

const fullResourcePermissionPolicy: () => z.ZodType<ResourcePermissionPolicy> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    domain: optionalText(),
    entityName: optionalText(),
    policyName: optionalText(),
    policyDescription: optionalText(),
    actionSetKey: optionalText(),
    allowConditions: optionalTruth(),
    resourceConditionNode: optional(fullResourceConditionNode()),
    namedResources: optionalTexts(),
    resourceCondition: optionalText(),
    actionSet: optionalTexts(),
  }),
)

const fullGroupContact: () => z.ZodType<GroupContact> = lazy(() =>
  z.looseObject({
    address: optionalText(),
    extension: optionalText(),
    display: optionalText(),
    type: optional(openEnum('GroupContact.type', ['GROUPRING', 'GROUPPHONE'])),
    mediaType: optional(openEnum('GroupContact.mediaType', ['PHONE'])),
  }),
)

const fullWritableDivision: () => z.ZodType<WritableDivision> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    name: optionalText(),
    selfUri: optionalText(),
  }),
)

const fullMediaSummaryDetail: () => z.ZodType<MediaSummaryDetail> = lazy(() =>
  z.looseObject({
    active: optionalNumber(),
    acw: optionalNumber(),
  }),
)

const fullAddressableEntityRef: () => z.ZodType<AddressableEntityRef> = lazy(() =>
  z.looseObject({
    id: optionalText(),
    selfUri: optionalText(),
  }),
)

const fullLocationEmergencyNumber: () => z.ZodType<LocationEmergencyNumber> = lazy(() =>
  z.looseObject({
    e164: optionalText(),
    number: optionalText(),
    type: optional(openEnum('LocationEmergencyNumber.type', ['default', 'elin'])),
  }),
)

const fullLocationAddress: () => z.ZodType<LocationAddress> = lazy(() =>
  z.looseObject({
    city: optionalText(),
    country: optionalText(),
    countryName: optionalText(),
    state: optionalText(),
    street1: optionalText(),
    street2: optionalText(),
    zipcode: optionalText(),
  }),
)

const fullLocationImage: () => z.ZodType<LocationImage> = lazy(() =>
  z.looseObject({
    resolution: optionalText(),
    imageUri: optionalText(),
  }),
)

const fullLocationAddressVerificationDetails: () => z.ZodType<LocationAddressVerificationDetails> = lazy(() =>
  z.looseObject({
    status: optional(
      openEnum('LocationAddressVerificationDetails.status', ['Pending', 'InProgress', 'Retry', 'Complete', 'Failed']),
    ),
    dateFinished: optionalText(),
    dateStarted: optionalText(),
    service: optionalText(),
  }),
)

const fullResourceConditionNode: () => z.ZodType<ResourceConditionNode> = lazy(() =>
  z.looseObject({
    variableName: optionalText(),
    conjunction: optional(openEnum('ResourceConditionNode.conjunction', ['AND', 'OR'])),
    operator: optional(openEnum('ResourceConditionNode.operator', ['EQ', 'IN', 'GE', 'GT', 'LE', 'LT'])),
    operands: optional(z.array(fullResourceConditionValue())),
    get terms() {
      return optional(z.array(fullResourceConditionNode()))
    },
  }),
)

const fullResourceConditionValue: () => z.ZodType<ResourceConditionValue> = lazy(() =>
  z.looseObject({
    type: optional(openEnum('ResourceConditionValue.type', ['SCALAR', 'VARIABLE', 'USER', 'QUEUE', 'TEAM'])),
    value: optionalText(),
  }),
)

const fullUserCursorEntityListing: () => z.ZodType<UserCursorEntityListing> = lazy(() =>
  z.looseObject({
    entities: z.array(fullUser()),
    nextUri: optionalText(),
    selfUri: optionalText(),
    results: optionalNumber(),
    cursor: optionalText(),
  }),
)

const fullUsersSearchResponse: () => z.ZodType<UsersSearchResponse> = lazy(() =>
  z.looseObject({
    total: optionalNumber(),
    pageCount: optionalNumber(),
    pageSize: optionalNumber(),
    pageNumber: optionalNumber(),
    previousPage: optionalText(),
    currentPage: optionalText(),
    nextPage: optionalText(),
    types: optionalTexts(),
    results: z.array(fullUser()),
  }),
)

/** @internal */
export const userEntityListing: ResponseSchemas<UserEntityListing> = responseSchemas(
  () =>
    z.looseObject({
      entities: z.array(row<User>({ id: 'string' })),
      pageCount: optionalNumber(),
      total: optionalNumber(),
    }),
  fullUserEntityListing,
)

/** @internal */
export const userCursorEntityListing: ResponseSchemas<UserCursorEntityListing> = responseSchemas(
  () =>
    z.looseObject({
      entities: z.array(row<User>({ id: 'string' })),
      cursor: optionalText(),
    }),
  fullUserCursorEntityListing,
)

/** @internal */
export const usersSearchResponse: ResponseSchemas<UsersSearchResponse> = responseSchemas(
  () =>
    z.looseObject({
      results: z.array(row<User>({ id: 'string' })),
    }),
  fullUsersSearchResponse,
)

/** @internal */
export const user: ResponseSchemas<User> = responseSchemas(
  () =>
    z.looseObject({
      id: text(),
    }),
  fullUser,
)

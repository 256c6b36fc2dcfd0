// Generated, do not edit: node tools/models/generate.mjs writes this from genesys.json.
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
import { type TokenInfo, fullTokenInfo } from './tokens.js'
import {
  type Division,
  type Chat,
  type Contact,
  type User,
  type Image,
  type Biography,
  type EmployerInfo,
  type RoutingStatus,
  type UserPresence,
  type UserConversationSummary,
  type OutOfOffice,
  type Geolocation,
  type UserStations,
  type UserAuthorization,
  type Location,
  type Group,
  type Team,
  type WorkPlanBidRanks,
  type UserRoutingSkill,
  type UserRoutingLanguage,
  type OAuthLastTokenIssued,
  type LocationDefinition,
  fullDivision,
  fullChat,
  fullContact,
  fullUser,
  fullImage,
  fullBiography,
  fullEmployerInfo,
  fullRoutingStatus,
  fullUserPresence,
  fullUserConversationSummary,
  fullOutOfOffice,
  fullGeolocation,
  fullUserStations,
  fullUserAuthorization,
  fullLocation,
  fullGroup,
  fullTeam,
  fullWorkPlanBidRanks,
  fullUserRoutingSkill,
  fullUserRoutingLanguage,
  fullOAuthLastTokenIssued,
  fullLocationDefinition,
} from './users.js'

export interface UserMe {
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
  autoAnswerSettings?: unknown
  acdAutoAnswer?: boolean
  languagePreference?: string
  lastTokenIssued?: OAuthLastTokenIssued
  dateLastLogin?: string
  dateWelcomeSent?: string
  date?: unknown
  geolocationSettings?: unknown
  organization?: unknown
  presenceDefinitions?: unknown[]
  divisionedPresenceDefinitions?: unknown[]
  locationDefinitions?: LocationDefinition[]
  orgAuthorization?: unknown[]
  favorites?: User[]
  superiors?: User[]
  directReports?: User[]
  adjacents?: unknown
  routingSkills?: unknown[]
  fieldConfigs?: unknown
  token?: TokenInfo
  trustors?: unknown[]
  orgProducts?: unknown[]
  selfUri?: string
}

const fullUserMe: () => z.ZodType<UserMe> = lazy(() =>
  z.looseObject({
    id: text(),
    name: optionalText(),
    division: optional(fullDivision()),
    chat: optional(fullChat()),
    department: optionalText(),
    email: optionalText(),
    primaryContactInfo: optional(z.array(fullContact())),
    addresses: optional(z.array(fullContact())),
    state: optional(openEnum('UserMe.state', ['active', 'inactive', 'deleted'])),
    title: optionalText(),
    username: optionalText(),
    manager: optional(fullUser()),
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
    outOfOffice: optional(fullOutOfOffice()),
    geolocation: optional(fullGeolocation()),
    station: optional(fullUserStations()),
    authorization: optional(fullUserAuthorization()),
    profileSkills: optionalTexts(),
    locations: optional(z.array(fullLocation())),
    groups: optional(z.array(fullGroup())),
    team: optional(fullTeam()),
    workPlanBidRanks: optional(fullWorkPlanBidRanks()),
    skills: optional(z.array(fullUserRoutingSkill())),
    languages: optional(z.array(fullUserRoutingLanguage())),
    autoAnswerSettings: optional(z.unknown()),
    acdAutoAnswer: optionalTruth(),
    languagePreference: optionalText(),
    lastTokenIssued: optional(fullOAuthLastTokenIssued()),
    dateLastLogin: optionalText(),
    dateWelcomeSent: optionalText(),
    date: optional(z.unknown()),
    geolocationSettings: optional(z.unknown()),
    organization: optional(z.unknown()),
    presenceDefinitions: optional(z.array(z.unknown())),
    divisionedPresenceDefinitions: optional(z.array(z.unknown())),
    locationDefinitions: optional(z.array(fullLocationDefinition())),
    orgAuthorization: optional(z.array(z.unknown())),
    favorites: optional(z.array(fullUser())),
    superiors: optional(z.array(fullUser())),
    directReports: optional(z.array(fullUser())),
    adjacents: optional(z.unknown()),
    routingSkills: optional(z.array(z.unknown())),
    fieldConfigs: optional(z.unknown()),
    token: optional(fullTokenInfo()),
    trustors: optional(z.array(z.unknown())),
    orgProducts: optional(z.array(z.unknown())),
    selfUri: optionalText(),
  }),
)

/** @internal */
export const userMe: ResponseSchemas<UserMe> = responseSchemas(
  () =>
    z.looseObject({
      id: text(),
    }),
  fullUserMe,
)

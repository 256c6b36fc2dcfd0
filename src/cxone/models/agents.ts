// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { id, optional, optionalNumber, optionalText, optionalTruth } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'
import { row } from '../../platform/models/row.js'

/** @internal */
export interface AgentList {
  _links?: PageLinks
  agents: Agent[]
  businessUnitId?: number
  hiddenAgents?: number
  lastPollTime?: string
  totalRecords?: number
}

export interface Agent {
  ACWEnabled?: boolean
  ACWRange?: number
  AttendantUserStatus?: number
  DigitalEngagementEnabled?: boolean
  DivisionNo?: number
  IsDirectVoicemailTransferEnabled?: boolean
  LoginAuthenticatorId?: string
  Teams_channel_Id?: string
  address1?: string
  address2?: string
  agentContactAutoFocus?: boolean
  agentCxaClientVersion?: number
  agentCxaReleasePrevious?: boolean
  agentDeliveryMode?: string
  agentEmailThreshold?: number
  agentId: number
  agentIntegration?: boolean
  agentMaxVersion?: number
  agentPhoneTimeout?: number
  agentPhoneTimeoutSeconds?: number
  agentRequestContact?: boolean
  agentTotalContactCount?: number
  agentVoiceThreshold?: number
  agentWorkItemThreshold?: number
  apiKey?: string
  atHome?: boolean
  channelLock?: boolean
  chatRefusalTimeout?: number
  chatThreshold?: number
  city?: string
  combinedUserNameDomain?: string
  contactAutoFocus?: boolean
  country?: string
  countryName?: string
  createDate?: string
  crmUserName?: string
  custom1?: string
  custom2?: string
  custom3?: string
  custom4?: string
  custom5?: string
  customerCard?: boolean
  defaultDialingPattern?: number
  defaultDialingPatternName?: string
  deliveryMode?: string
  digitalRefusalTimeout?: number
  digitalThreshold?: number
  emailAddress?: string
  emailRefusalTimeout?: number
  emailThreshold?: number
  employmentType?: number
  employmentTypeName?: string
  federatedId?: string
  firstName?: string
  hireDate?: string
  hiringSource?: number
  hourlyCost?: number
  inactiveDate?: string
  internalId?: string
  isActive?: boolean
  isBillable?: boolean
  isOpenIdProfileComplete?: boolean
  isSupervisor?: boolean
  isWhatIfAgent?: boolean
  issuer?: string
  lastLogin?: string
  lastName?: string
  lastUpdated?: string
  location?: string
  locked?: boolean
  maxConcurrentChats?: number
  maxEmailAutoParkingLimit?: number
  maxPreview?: boolean
  middleName?: string
  noFixedAddress?: boolean
  notes?: string
  ntLoginName?: string
  phoneRefusalTimeout?: number
  profileId?: number
  profileName?: string
  recordingNumbers?: AgentRecordingNumber[]
  referral?: string
  rehireStatus?: boolean
  reportToId?: number
  reportToName?: string
  requestContact?: boolean
  rowNumber?: number
  scheduleNotification?: number
  sendEmailNotifications?: boolean
  sipUser?: string
  smsRefusalTimeout?: number
  smsThreshold?: number
  state?: string
  stateCode?: string
  subject?: string
  systemDomain?: string
  systemUser?: string
  teamId?: number
  teamName?: string
  teamUuId?: string
  telephone1?: string
  telephone2?: string
  terminationDate?: string
  timeDisplayFormat?: string
  timeZone?: string
  timeZoneOffset?: string
  totalContactCount?: number
  useAgentTimeZone?: boolean
  useTeamChatThreshold?: boolean
  useTeamContactAutoFocus?: boolean
  useTeamDeliveryModeSettings?: boolean
  useTeamDigitalThreshold?: boolean
  useTeamEmailAutoParkingLimit?: boolean
  useTeamEmailThreshold?: boolean
  useTeamMaxConcurrentChats?: boolean
  useTeamRequestContact?: boolean
  useTeamSmsThreshold?: boolean
  useTeamVoiceThreshold?: boolean
  useTeamWorkItemThreshold?: boolean
  userID?: string
  userName?: string
  userNameDomain?: string
  userType?: string
  voiceThreshold?: number
  voicemailRefusalTimeout?: number
  workItemRefusalTimeout?: number
  workItemThreshold?: number
  zipCode?: string
}

export interface AgentRecordingNumber {
  number?: string
}

/** @internal */
export interface PageLinks {
  next?: string
  previous?: string
  self?: string
}

const fullAgentList: () => z.ZodType<AgentList> = lazy(() =>
  z.looseObject({
    _links: optional(fullPageLinks()),
    agents: z.array(fullAgent()),
    businessUnitId: optionalNumber(),
    hiddenAgents: optionalNumber(),
    lastPollTime: optionalText(),
    totalRecords: optionalNumber(),
  }),
)

const fullAgent: () => z.ZodType<Agent> = lazy(() =>
  z.looseObject({
    ACWEnabled: optionalTruth(),
    ACWRange: optionalNumber(),
    AttendantUserStatus: optionalNumber(),
    DigitalEngagementEnabled: optionalTruth(),
    DivisionNo: optionalNumber(),
    IsDirectVoicemailTransferEnabled: optionalTruth(),
    LoginAuthenticatorId: optionalText(),
    Teams_channel_Id: optionalText(),
    address1: optionalText(),
    address2: optionalText(),
    agentContactAutoFocus: optionalTruth(),
    agentCxaClientVersion: optionalNumber(),
    agentCxaReleasePrevious: optionalTruth(),
    agentDeliveryMode: optionalText(),
    agentEmailThreshold: optionalNumber(),
    agentId: id(),
    agentIntegration: optionalTruth(),
    agentMaxVersion: optionalNumber(),
    agentPhoneTimeout: optionalNumber(),
    agentPhoneTimeoutSeconds: optionalNumber(),
    agentRequestContact: optionalTruth(),
    agentTotalContactCount: optionalNumber(),
    agentVoiceThreshold: optionalNumber(),
    agentWorkItemThreshold: optionalNumber(),
    apiKey: optionalText(),
    atHome: optionalTruth(),
    channelLock: optionalTruth(),
    chatRefusalTimeout: optionalNumber(),
    chatThreshold: optionalNumber(),
    city: optionalText(),
    combinedUserNameDomain: optionalText(),
    contactAutoFocus: optionalTruth(),
    country: optionalText(),
    countryName: optionalText(),
    createDate: optionalText(),
    crmUserName: optionalText(),
    custom1: optionalText(),
    custom2: optionalText(),
    custom3: optionalText(),
    custom4: optionalText(),
    custom5: optionalText(),
    customerCard: optionalTruth(),
    defaultDialingPattern: optionalNumber(),
    defaultDialingPatternName: optionalText(),
    deliveryMode: optionalText(),
    digitalRefusalTimeout: optionalNumber(),
    digitalThreshold: optionalNumber(),
    emailAddress: optionalText(),
    emailRefusalTimeout: optionalNumber(),
    emailThreshold: optionalNumber(),
    employmentType: optionalNumber(),
    employmentTypeName: optionalText(),
    federatedId: optionalText(),
    firstName: optionalText(),
    hireDate: optionalText(),
    hiringSource: optionalNumber(),
    hourlyCost: optionalNumber(),
    inactiveDate: optionalText(),
    internalId: optionalText(),
    isActive: optionalTruth(),
    isBillable: optionalTruth(),
    isOpenIdProfileComplete: optionalTruth(),
    isSupervisor: optionalTruth(),
    isWhatIfAgent: optionalTruth(),
    issuer: optionalText(),
    lastLogin: optionalText(),
    lastName: optionalText(),
    lastUpdated: optionalText(),
    location: optionalText(),
    locked: optionalTruth(),
    maxConcurrentChats: optionalNumber(),
    maxEmailAutoParkingLimit: optionalNumber(),
    maxPreview: optionalTruth(),
    middleName: optionalText(),
    noFixedAddress: optionalTruth(),
    notes: optionalText(),
    ntLoginName: optionalText(),
    phoneRefusalTimeout: optionalNumber(),
    profileId: optionalNumber(),
    profileName: optionalText(),
    recordingNumbers: optional(z.array(fullAgentRecordingNumber())),
    referral: optionalText(),
    rehireStatus: optionalTruth(),
    reportToId: optionalNumber(),
    reportToName: optionalText(),
    requestContact: optionalTruth(),
    rowNumber: optionalNumber(),
    scheduleNotification: optionalNumber(),
    sendEmailNotifications: optionalTruth(),
    sipUser: optionalText(),
    smsRefusalTimeout: optionalNumber(),
    smsThreshold: optionalNumber(),
    state: optionalText(),
    stateCode: optionalText(),
    subject: optionalText(),
    systemDomain: optionalText(),
    systemUser: optionalText(),
    teamId: optionalNumber(),
    teamName: optionalText(),
    teamUuId: optionalText(),
    telephone1: optionalText(),
    telephone2: optionalText(),
    terminationDate: optionalText(),
    timeDisplayFormat: optionalText(),
    timeZone: optionalText(),
    timeZoneOffset: optionalText(),
    totalContactCount: optionalNumber(),
    useAgentTimeZone: optionalTruth(),
    useTeamChatThreshold: optionalTruth(),
    useTeamContactAutoFocus: optionalTruth(),
    useTeamDeliveryModeSettings: optionalTruth(),
    useTeamDigitalThreshold: optionalTruth(),
    useTeamEmailAutoParkingLimit: optionalTruth(),
    useTeamEmailThreshold: optionalTruth(),
    useTeamMaxConcurrentChats: optionalTruth(),
    useTeamRequestContact: optionalTruth(),
    useTeamSmsThreshold: optionalTruth(),
    useTeamVoiceThreshold: optionalTruth(),
    useTeamWorkItemThreshold: optionalTruth(),
    userID: optionalText(),
    userName: optionalText(),
    userNameDomain: optionalText(),
    userType: optionalText(),
    voiceThreshold: optionalNumber(),
    voicemailRefusalTimeout: optionalNumber(),
    workItemRefusalTimeout: optionalNumber(),
    workItemThreshold: optionalNumber(),
    zipCode: optionalText(),
  }),
)

const fullAgentRecordingNumber: () => z.ZodType<AgentRecordingNumber> = lazy(() =>
  z.looseObject({
    number: optionalText(),
  }),
)

/** @internal */
export const fullPageLinks: () => z.ZodType<PageLinks> = lazy(() =>
  z.looseObject({
    next: optionalText(),
    previous: optionalText(),
    self: optionalText(),
  }),
)

/** @internal */
export const agentList: ResponseSchemas<AgentList> = responseSchemas(
  () =>
    z.looseObject({
      agents: z.array(row<Agent>({ agentId: 'number' })),
      totalRecords: optionalNumber(),
      hiddenAgents: optionalNumber(),
    }),
  fullAgentList,
)

/** @internal */
export const agent: ResponseSchemas<Agent> = responseSchemas(
  () =>
    z.looseObject({
      agentId: id(),
    }),
  fullAgent,
)

// Generated, do not edit: node tools/models/generate.mjs writes this from cxone.json.
import * as z from 'zod'
import { id, optional, optionalNumber, optionalText, optionalTruth, textOrNumber } from '../../platform/models/field.js'
import { lazy } from '../../platform/models/lazy.js'
import { responseSchemas, type ResponseSchemas } from '../../platform/models/response-schemas.js'
import { row } from '../../platform/models/row.js'
import { type PageLinks, fullPageLinks } from './agents.js'

/** @internal */
export interface CompletedContactList {
  _links?: PageLinks
  businessUnitId?: number
  completedContacts: CompletedContact[]
  lastPollTime?: string
  totalRecords?: number
}

export interface CompletedContact {
  abandonSeconds?: number
  abandoned?: boolean
  acwSeconds?: number
  agentId?: number
  agentSeconds?: number
  analyticsProcessedDate?: string
  callbackTime?: number
  campaignId?: number
  campaignName?: string
  conferenceSeconds?: number
  contactId: number
  contactStartDate?: string
  dateACWWarehoused?: string
  dateContactWarehoused?: string
  dispositionNotes?: string
  divisionNo?: number
  endReason?: string
  firstName?: string
  fromAddress?: string
  highProficiency?: number
  holdCount?: number
  holdSeconds?: number
  inQueueSeconds?: number
  isAnalyticsProcessed?: boolean
  isLogged?: boolean
  isOutbound?: boolean
  isRefused?: boolean
  isShortAbandon?: boolean
  isTakeover?: boolean
  lastName?: string
  lastUpdateTime?: string
  lowProficiency?: number
  masterContactId?: number
  mediaSubTypeId?: number
  mediaSubTypeName?: string
  mediaTypeId?: number
  mediaTypeName?: string
  pointOfContactId?: number
  pointOfContactName?: string
  postQueueSeconds?: number
  preQueueSeconds?: number
  primaryDispositionId?: number
  refuseReason?: string
  refuseTime?: string
  releaseSeconds?: number
  routingAttribute?: number
  routingTime?: number
  secondaryDispositionId?: number
  serviceLevelFlag?: number
  skillId?: number
  skillName?: string
  tags?: ContactTag[]
  teamId?: number
  teamName?: string
  toAddress?: string
  totalDurationSeconds?: number
  transferIndicatorId?: number
  transferIndicatorName?: string
}

export interface ContactTag {
  contactId?: number
  tagId?: number
  tagName?: string
}

export interface ActiveContact {
  agentId?: number
  agentStartDate?: string
  campaignId?: number
  campaignName?: string
  contactId: number
  contactStartDate?: string
  contactStateCategory?: string
  digitalContactStateId?: number
  digitalContactStateName?: string
  fileName?: string
  firstName?: string
  fromAddress?: string
  highProficiency?: number
  holdCount?: number
  isLogged?: boolean
  isOutbound?: boolean
  isTakeover?: boolean
  lastName?: string
  lastUpdateTime?: string
  lowProficiency?: number
  masterContactId?: number
  mediaSubTypeId?: number
  mediaSubTypeName?: string
  mediaTypeId?: number
  mediaTypeName?: string
  pointOfContactId?: number
  pointOfContactName?: string
  routingAttribute?: number
  skillId?: number
  skillName?: string
  stateId?: number
  stateName?: string
  targetAgentId?: number
  teamId?: number
  teamName?: string
  toAddress?: string
  transferIndicatorId?: number
  transferIndicatorName?: string
}

export interface Contact {
  abandonSeconds?: number
  abandoned?: boolean
  acwSeconds?: number
  agentId?: number
  agentSeconds?: number
  agentStartDate?: string
  analyticsProcessedDate?: string
  callbackTime?: number
  campaignId?: number
  campaignName?: string
  conferenceSeconds?: number
  contactId: number
  contactStartDate?: string
  contactStateCategory?: string
  dateACWWarehoused?: string
  dateContactWarehoused?: string
  digitalContactStateId?: number
  digitalContactStateName?: string
  dispositionNotes?: string
  endReason?: string
  fileName?: string
  firstName?: string
  fromAddress?: string
  highProficiency?: number
  holdCount?: number
  holdSeconds?: number
  inQueueSeconds?: number
  isActive?: boolean
  isAnalyticsProcessed?: boolean
  isLogged?: boolean
  isOutbound?: boolean
  isRefused?: boolean
  isShortAbandon?: boolean
  isTakeover?: boolean
  isWarehoused?: boolean
  lastName?: string
  lastUpdateTime?: string
  lowProficiency?: number
  masterContactId?: number
  mediaSubTypeId?: number
  mediaSubTypeName?: string
  mediaTypeId?: number
  mediaTypeName?: string
  pointOfContactId?: number
  pointOfContactName?: string
  postQueueSeconds?: number
  preQueueSeconds?: number
  primaryDispositionId?: number
  refuseReason?: string
  refuseTime?: string | number
  releaseSeconds?: number
  routingAttribute?: number
  routingTime?: number
  secondaryDispositionId?: number
  serviceLevelFlag?: number
  skillId?: number
  skillName?: string
  stateId?: number
  stateName?: string
  tags?: ContactTag[]
  targetAgentId?: number
  teamId?: number
  teamName?: string
  toAddress?: string
  totalDurationSeconds?: number
  transferIndicatorId?: number
  transferIndicatorName?: string
}

const fullCompletedContactList: () => z.ZodType<CompletedContactList> = lazy(() =>
  z.looseObject({
    _links: optional(fullPageLinks()),
    businessUnitId: optionalNumber(),
    completedContacts: z.array(fullCompletedContact()),
    lastPollTime: optionalText(),
    totalRecords: optionalNumber(),
  }),
)

const fullCompletedContact: () => z.ZodType<CompletedContact> = lazy(() =>
  z.looseObject({
    abandonSeconds: optionalNumber(),
    abandoned: optionalTruth(),
    acwSeconds: optionalNumber(),
    agentId: optionalNumber(),
    agentSeconds: optionalNumber(),
    analyticsProcessedDate: optionalText(),
    callbackTime: optionalNumber(),
    campaignId: optionalNumber(),
    campaignName: optionalText(),
    conferenceSeconds: optionalNumber(),
    contactId: id(),
    contactStartDate: optionalText(),
    dateACWWarehoused: optionalText(),
    dateContactWarehoused: optionalText(),
    dispositionNotes: optionalText(),
    divisionNo: optionalNumber(),
    endReason: optionalText(),
    firstName: optionalText(),
    fromAddress: optionalText(),
    highProficiency: optionalNumber(),
    holdCount: optionalNumber(),
    holdSeconds: optionalNumber(),
    inQueueSeconds: optionalNumber(),
    isAnalyticsProcessed: optionalTruth(),
    isLogged: optionalTruth(),
    isOutbound: optionalTruth(),
    isRefused: optionalTruth(),
    isShortAbandon: optionalTruth(),
    isTakeover: optionalTruth(),
    lastName: optionalText(),
    lastUpdateTime: optionalText(),
    lowProficiency: optionalNumber(),
    masterContactId: optionalNumber(),
    mediaSubTypeId: optionalNumber(),
    mediaSubTypeName: optionalText(),
    mediaTypeId: optionalNumber(),
    mediaTypeName: optionalText(),
    pointOfContactId: optionalNumber(),
    pointOfContactName: optionalText(),
    postQueueSeconds: optionalNumber(),
    preQueueSeconds: optionalNumber(),
    primaryDispositionId: optionalNumber(),
    refuseReason: optionalText(),
    refuseTime: optionalText(),
    releaseSeconds: optionalNumber(),
    routingAttribute: optionalNumber(),
    routingTime: optionalNumber(),
    secondaryDispositionId: optionalNumber(),
    serviceLevelFlag: optionalNumber(),
    skillId: optionalNumber(),
    skillName: optionalText(),
    tags: optional(z.array(fullContactTag())),
    teamId: optionalNumber(),
    teamName: optionalText(),
    toAddress: optionalText(),
    totalDurationSeconds: optionalNumber(),
    transferIndicatorId: optionalNumber(),
    transferIndicatorName: optionalText(),
  }),
)

const fullContactTag: () => z.ZodType<ContactTag> = lazy(() =>
  z.looseObject({
    contactId: optionalNumber(),
    tagId: optionalNumber(),
    tagName: optionalText(),
  }),
)

const fullActiveContact: () => z.ZodType<ActiveContact> = lazy(() =>
  z.looseObject({
    agentId: optionalNumber(),
    agentStartDate: optionalText(),
    campaignId: optionalNumber(),
    campaignName: optionalText(),
    contactId: id(),
    contactStartDate: optionalText(),
    contactStateCategory: optionalText(),
    digitalContactStateId: optionalNumber(),
    digitalContactStateName: optionalText(),
    fileName: optionalText(),
    firstName: optionalText(),
    fromAddress: optionalText(),
    highProficiency: optionalNumber(),
    holdCount: optionalNumber(),
    isLogged: optionalTruth(),
    isOutbound: optionalTruth(),
    isTakeover: optionalTruth(),
    lastName: optionalText(),
    lastUpdateTime: optionalText(),
    lowProficiency: optionalNumber(),
    masterContactId: optionalNumber(),
    mediaSubTypeId: optionalNumber(),
    mediaSubTypeName: optionalText(),
    mediaTypeId: optionalNumber(),
    mediaTypeName: optionalText(),
    pointOfContactId: optionalNumber(),
    pointOfContactName: optionalText(),
    routingAttribute: optionalNumber(),
    skillId: optionalNumber(),
    skillName: optionalText(),
    stateId: optionalNumber(),
    stateName: optionalText(),
    targetAgentId: optionalNumber(),
    teamId: optionalNumber(),
    teamName: optionalText(),
    toAddress: optionalText(),
    transferIndicatorId: optionalNumber(),
    transferIndicatorName: optionalText(),
  }),
)

const fullContact: () => z.ZodType<Contact> = lazy(() =>
  z.looseObject({
    abandonSeconds: optionalNumber(),
    abandoned: optionalTruth(),
    acwSeconds: optionalNumber(),
    agentId: optionalNumber(),
    agentSeconds: optionalNumber(),
    agentStartDate: optionalText(),
    analyticsProcessedDate: optionalText(),
    callbackTime: optionalNumber(),
    campaignId: optionalNumber(),
    campaignName: optionalText(),
    conferenceSeconds: optionalNumber(),
    contactId: id(),
    contactStartDate: optionalText(),
    contactStateCategory: optionalText(),
    dateACWWarehoused: optionalText(),
    dateContactWarehoused: optionalText(),
    digitalContactStateId: optionalNumber(),
    digitalContactStateName: optionalText(),
    dispositionNotes: optionalText(),
    endReason: optionalText(),
    fileName: optionalText(),
    firstName: optionalText(),
    fromAddress: optionalText(),
    highProficiency: optionalNumber(),
    holdCount: optionalNumber(),
    holdSeconds: optionalNumber(),
    inQueueSeconds: optionalNumber(),
    isActive: optionalTruth(),
    isAnalyticsProcessed: optionalTruth(),
    isLogged: optionalTruth(),
    isOutbound: optionalTruth(),
    isRefused: optionalTruth(),
    isShortAbandon: optionalTruth(),
    isTakeover: optionalTruth(),
    isWarehoused: optionalTruth(),
    lastName: optionalText(),
    lastUpdateTime: optionalText(),
    lowProficiency: optionalNumber(),
    masterContactId: optionalNumber(),
    mediaSubTypeId: optionalNumber(),
    mediaSubTypeName: optionalText(),
    mediaTypeId: optionalNumber(),
    mediaTypeName: optionalText(),
    pointOfContactId: optionalNumber(),
    pointOfContactName: optionalText(),
    postQueueSeconds: optionalNumber(),
    preQueueSeconds: optionalNumber(),
    primaryDispositionId: optionalNumber(),
    refuseReason: optionalText(),
    refuseTime: optional(textOrNumber()),
    releaseSeconds: optionalNumber(),
    routingAttribute: optionalNumber(),
    routingTime: optionalNumber(),
    secondaryDispositionId: optionalNumber(),
    serviceLevelFlag: optionalNumber(),
    skillId: optionalNumber(),
    skillName: optionalText(),
    stateId: optionalNumber(),
    stateName: optionalText(),
    tags: optional(z.array(fullContactTag())),
    targetAgentId: optionalNumber(),
    teamId: optionalNumber(),
    teamName: optionalText(),
    toAddress: optionalText(),
    totalDurationSeconds: optionalNumber(),
    transferIndicatorId: optionalNumber(),
    transferIndicatorName: optionalText(),
  }),
)

/** @internal */
export const completedContactList: ResponseSchemas<CompletedContactList> = responseSchemas(
  () =>
    z.looseObject({
      completedContacts: z.array(row<CompletedContact>({ contactId: 'number' })),
      lastPollTime: optionalText(),
      totalRecords: optionalNumber(),
    }),
  fullCompletedContactList,
)

/** @internal */
export const activeContact: ResponseSchemas<ActiveContact> = responseSchemas(
  () =>
    z.looseObject({
      contactId: id(),
    }),
  fullActiveContact,
)

/** @internal */
export const contact: ResponseSchemas<Contact> = responseSchemas(
  () =>
    z.looseObject({
      contactId: id(),
    }),
  fullContact,
)

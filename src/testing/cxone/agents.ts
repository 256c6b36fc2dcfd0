import { DAY } from '../platform/days.js'
import { iso } from '../platform/moment.js'
import { personName } from '../platform/person-name.js'
import { hash, SeededRandom, uuidAt } from '../platform/seeded.js'
import { TEAMS, type Numbered } from './organization.js'
import { PURPOSE } from './purpose.js'

const FIRST_ID = 1_001
const FOUNDED = Date.UTC(2019, 0, 1)
const TIME_ZONES = ['Eastern Time (US & Canada)', 'Central Time (US & Canada)', 'GMT Standard Time'] as const

/** What has to be known of an agent to find one; the rest is made up when it is asked for. */
export interface AgentHead {
  readonly index: number
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly userName: string
  readonly isActive: boolean
  readonly locked: boolean
  readonly team: Numbered
}

/** The agents of a seed, in the order of their ids: first the active ones, then some who have left. */
export class Agents {
  readonly #seed: number
  readonly heads: readonly AgentHead[]

  constructor(seed: number, active: number) {
    this.#seed = seed
    this.heads = Array.from({ length: active + Math.ceil(active / 20) }, (_, index) => this.#headAt(index, active))
  }

  #headAt(index: number, active: number): AgentHead {
    const random = new SeededRandom(this.#seed, PURPOSE.agent, index, 0)
    const { given, family } = personName(random)
    return {
      index,
      id: FIRST_ID + index,
      firstName: given,
      lastName: family,
      userName: `agent${index + 1}@example.com`,
      isActive: index < active,
      locked: random.chance(0.02),
      team: random.pick(TEAMS),
    }
  }

  /** The id of a UserHub user, who is an agent as well. */
  userIdAt(index: number): string {
    return uuidAt(this.#seed, PURPOSE.userId, index)
  }

  find(id: number): AgentHead | undefined {
    return this.heads[id - FIRST_ID]
  }

  /** When an agent was last changed, by `now`: somebody does so to each every few weeks. */
  updatedAt({ index }: AgentHead, now: number): number {
    const every = (14 + (hash(this.#seed, PURPOSE.agentUpdate, index, 1) % 60)) * DAY
    const phase = hash(this.#seed, PURPOSE.agentUpdate, index, 2) % every
    return now - ((((now - phase) % every) + every) % every)
  }

  /** The names of all that a row can have. */
  get fields(): readonly string[] {
    return Object.keys(this.row(this.#headAt(0, 1), 0))
  }

  /** The whole row. What is undefined is a field that this agent does not have. */
  row(head: AgentHead, now: number): Record<string, unknown> {
    const { index, id, firstName, lastName, userName, isActive, locked, team } = head
    const random = new SeededRandom(this.#seed, PURPOSE.agent, index, 1)
    const created = FOUNDED + random.between(0, 1_500) * DAY
    const left = isActive ? undefined : iso(created + random.between(30, 600) * DAY)
    return {
      agentId: id,
      userName,
      firstName,
      middleName: '',
      lastName,
      userID: this.userIdAt(index),
      internalId: String(10_000 + index),
      emailAddress: userName,
      isActive,
      locked,
      teamId: team.id,
      teamName: team.name,
      teamUuId: uuidAt(this.#seed, PURPOSE.agent, team.id),
      reportToId: index === 0 ? undefined : FIRST_ID,
      reportToName: index === 0 ? undefined : 'Supervisor',
      isSupervisor: index === 0 || random.chance(0.08),
      profileId: 1,
      profileName: 'Agent',
      createDate: iso(created),
      hireDate: iso(created),
      lastUpdated: iso(this.updatedAt(head, now)),
      lastLogin: random.chance(0.95) ? iso(now - random.between(0, 3 * DAY)) : undefined,
      inactiveDate: left,
      terminationDate: left,
      timeZone: random.pick(TIME_ZONES),
      timeZoneOffset: '-05:00',
      timeDisplayFormat: '12',
      country: 'US',
      countryName: 'United States',
      state: 'Utah',
      stateCode: 'UT',
      city: 'Sandy',
      address1: '',
      address2: '',
      zipCode: '84070',
      location: '',
      telephone1: `1555${1_000_000 + index}`,
      telephone2: '',
      custom1: '',
      custom2: '',
      custom3: '',
      custom4: '',
      custom5: '',
      notes: '',
      referral: '',
      apiKey: '',
      subject: '',
      issuer: '',
      federatedId: '',
      ntLoginName: '',
      crmUserName: '',
      sipUser: '',
      systemUser: '',
      systemDomain: '',
      combinedUserNameDomain: `${userName}@4600123`,
      userNameDomain: '4600123',
      userType: 'Agent',
      Teams_channel_Id: '',
      LoginAuthenticatorId: '',
      AttendantUserStatus: 0,
      DivisionNo: 0,
      ACWEnabled: true,
      ACWRange: random.between(1, 120),
      DigitalEngagementEnabled: random.chance(0.6),
      IsDirectVoicemailTransferEnabled: false,
      atHome: random.chance(0.4),
      channelLock: false,
      customerCard: true,
      employmentType: random.between(1, 5),
      employmentTypeName: 'Full-Time',
      hiringSource: 1,
      hourlyCost: random.between(1_200, 4_000) / 100,
      isBillable: isActive,
      isOpenIdProfileComplete: true,
      isWhatIfAgent: false,
      maxPreview: false,
      noFixedAddress: false,
      recordingNumbers: [{ number: `1555${1_000_000 + index}` }],
      rehireStatus: isActive,
      rowNumber: index + 1,
      scheduleNotification: 0,
      sendEmailNotifications: true,
      useAgentTimeZone: random.chance(0.1),
      defaultDialingPattern: 0,
      defaultDialingPatternName: 'North America',
      agentIntegration: false,
      agentMaxVersion: 0,
      agentCxaClientVersion: 0,
      agentCxaReleasePrevious: false,
      ...this.#delivery(random),
    }
  }

  /** How contacts are handed to the agent. */
  #delivery(random: SeededRandom): Record<string, unknown> {
    const chats = random.between(1, 12)
    return {
      agentDeliveryMode: 'Unified',
      deliveryMode: 'Unified',
      agentContactAutoFocus: false,
      contactAutoFocus: false,
      agentRequestContact: false,
      requestContact: false,
      agentTotalContactCount: chats,
      totalContactCount: chats,
      agentEmailThreshold: 5,
      agentVoiceThreshold: 1,
      agentWorkItemThreshold: 5,
      agentPhoneTimeout: 45,
      agentPhoneTimeoutSeconds: 45,
      chatThreshold: chats,
      digitalThreshold: chats,
      emailThreshold: 5,
      smsThreshold: chats,
      voiceThreshold: 1,
      workItemThreshold: 5,
      maxConcurrentChats: chats,
      maxEmailAutoParkingLimit: 25,
      chatRefusalTimeout: 45,
      digitalRefusalTimeout: 45,
      emailRefusalTimeout: 45,
      phoneRefusalTimeout: 45,
      smsRefusalTimeout: 45,
      voicemailRefusalTimeout: 45,
      workItemRefusalTimeout: 45,
      useTeamChatThreshold: true,
      useTeamContactAutoFocus: true,
      useTeamDeliveryModeSettings: true,
      useTeamDigitalThreshold: true,
      useTeamEmailAutoParkingLimit: true,
      useTeamEmailThreshold: true,
      useTeamMaxConcurrentChats: true,
      useTeamRequestContact: true,
      useTeamSmsThreshold: true,
      useTeamVoiceThreshold: true,
      useTeamWorkItemThreshold: true,
    }
  }
}

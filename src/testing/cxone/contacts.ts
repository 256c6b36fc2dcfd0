import type { Calendar, Place } from '../platform/calendar.js'
import { iso } from '../platform/moment.js'
import { personName } from '../platform/person-name.js'
import { SeededRandom } from '../platform/seeded.js'
import type { AgentHead } from './agents.js'
import { contactIdAt, contactMediumAt } from './contact-traits.js'
import { CAMPAIGNS, DISPOSITIONS, POINTS_OF_CONTACT, SKILLS, TAGS } from './organization.js'
import { PURPOSE } from './purpose.js'

const PHONE = 4
const ABANDONED = 0.06
const MINUTE = 60_000

/** After the end of a contact. */
const WAREHOUSED = 5 * MINUTE
const ANALYZED = 30 * MINUTE

/** Nothing more happens to a contact so long after its end. */
export const SETTLED = ANALYZED

const IN_QUEUE = { id: 3, name: 'InQueue', category: 'Queue' }
const WITH_AGENT = { id: 4, name: 'Active', category: 'Active' }
const ENDED = { id: 5, name: 'EndContact', category: 'Ended' }

/** What agents type in, with all that a file of commas and quotes must mind. */
const NOTES = [
  '',
  'Solved',
  'Called back, twice',
  'Said "never again"',
  'Two lines:\nthe first\r\nand the next',
  'Zoë’s order, “late”',
] as const

/** How the time of a contact is spent, in milliseconds. */
interface Spent {
  readonly before: number
  readonly inQueue: number
  readonly withAgent: number
  readonly onHold: number
  readonly afterwards: number
}

/** Writes contacts out in full, as far as they have come by a moment. */
export class Contacts {
  readonly #seed: number
  readonly #calendar: Calendar
  readonly #pickAgent: (random: SeededRandom) => AgentHead | undefined

  constructor(seed: number, calendar: Calendar, pickAgent: (random: SeededRandom) => AgentHead | undefined) {
    this.#seed = seed
    this.#calendar = calendar
    this.#pickAgent = pickAgent
  }

  /**
   * Every field there is, in one literal: one that is put together from others takes five times as long. What is
   * undefined is a field that this contact does not have, or not yet.
   */
  row(place: Place, now: number): Record<string, unknown> {
    const random = new SeededRandom(this.#seed, PURPOSE.contactBody, place.day, place.index)
    const medium = contactMediumAt(this.#seed, place)
    const contactId = contactIdAt(this.#seed, place)
    const start = this.#calendar.startOf(place)
    const end = this.#calendar.endOf(place)
    const ended = end <= now
    const isOutbound = medium.mediaTypeId === PHONE && random.chance(0.3)
    const abandoned = !isOutbound && random.chance(ABANDONED)
    const handler = abandoned ? undefined : this.#pickAgent(random)
    const spent = spentOf(random, end - start, handler !== undefined)
    const answered = start + spent.before + spent.inQueue
    const agent = answered <= now ? handler : undefined
    const state = ended ? ENDED : agent ? WITH_AGENT : IN_QUEUE
    const skill = random.pick(SKILLS)
    const campaign = random.pick(CAMPAIGNS)
    const pointOfContact = random.pick(POINTS_OF_CONTACT)
    const customer = personName(random)
    const [fromAddress, toAddress] = addresses(random, medium.mediaTypeId === PHONE, isOutbound)
    const isRefused = random.chance(0.04)
    const tag = random.chance(0.1) ? random.pick(TAGS) : undefined
    const disposition = random.pick(DISPOSITIONS)
    const notes = random.pick(NOTES)
    const done = <T>(value: T): T | undefined => (ended ? value : undefined)
    const dated = (after: number) => (end + after <= now ? iso(end + after) : undefined)
    return {
      contactId,
      masterContactId: contactId,
      contactStartDate: iso(start),
      lastUpdateTime: iso(ended ? end : start),
      mediaTypeId: medium.mediaTypeId,
      mediaTypeName: medium.mediaTypeName,
      mediaSubTypeId: medium.mediaSubTypeId,
      mediaSubTypeName: medium.mediaSubTypeName,
      isOutbound,
      fromAddress,
      toAddress,
      firstName: customer.given,
      lastName: customer.family,
      skillId: skill.id,
      skillName: skill.name,
      campaignId: campaign.id,
      campaignName: campaign.name,
      pointOfContactId: pointOfContact.id,
      pointOfContactName: pointOfContact.name,
      agentId: agent?.id,
      teamId: agent?.team.id,
      teamName: agent?.team.name,
      targetAgentId: agent?.id,
      agentStartDate: agent && iso(answered),
      divisionNo: 0,
      fileName: '',
      highProficiency: 20,
      lowProficiency: 1,
      routingAttribute: 0,
      holdCount: spent.onHold > 0 ? 1 : 0,
      isLogged: random.chance(0.8),
      isTakeover: random.chance(0.01),
      isRefused,
      refuseReason: isRefused ? 'Timeout' : '',
      refuseTime: isRefused ? iso(start) : undefined,
      transferIndicatorId: 0,
      transferIndicatorName: 'None',
      digitalContactStateId: 0,
      digitalContactStateName: '',
      isActive: !ended,
      stateId: state.id,
      stateName: state.name,
      contactStateCategory: state.category,
      abandoned: done(abandoned),
      isShortAbandon: done(abandoned && spent.inQueue < 10_000),
      abandonSeconds: done(abandoned ? spent.inQueue / 1_000 : 0),
      preQueueSeconds: done(spent.before / 1_000),
      inQueueSeconds: done(spent.inQueue / 1_000),
      agentSeconds: done(spent.withAgent / 1_000),
      holdSeconds: done(spent.onHold / 1_000),
      conferenceSeconds: done(0),
      postQueueSeconds: done(0),
      acwSeconds: done(spent.afterwards / 1_000),
      releaseSeconds: done(0),
      totalDurationSeconds: done((end - start) / 1_000),
      callbackTime: done(0),
      routingTime: done(0),
      serviceLevelFlag: done(spent.inQueue < 30_000 ? 0 : 1),
      endReason: done(abandoned ? 'Contact Hung Up' : 'Agent Hung Up'),
      dispositionNotes: done(notes),
      primaryDispositionId: done(abandoned ? 0 : disposition.id),
      secondaryDispositionId: done(0),
      tags: done(tag ? [{ contactId, tagId: tag.id, tagName: tag.name }] : []),
      isWarehoused: end + WAREHOUSED <= now,
      dateACWWarehoused: dated(WAREHOUSED),
      dateContactWarehoused: dated(WAREHOUSED),
      isAnalyticsProcessed: end + ANALYZED <= now,
      analyticsProcessedDate: dated(ANALYZED),
    }
  }
}

/** From whom, and to whom. */
function addresses(random: SeededRandom, byPhone: boolean, isOutbound: boolean): [from: string, to: string] {
  const number = String(random.between(2_000_000, 9_999_999))
  const customer = byPhone ? `1555${number}` : `customer${number}@example.org`
  const own = byPhone ? '15550000001' : 'help@example.com'
  return isOutbound ? [own, customer] : [customer, own]
}

function spentOf(random: SeededRandom, total: number, answered: boolean): Spent {
  const before = Math.floor(total * 0.05 * random.next())
  if (!answered) return { before, inQueue: total - before, withAgent: 0, onHold: 0, afterwards: 0 }
  const inQueue = Math.floor(total * 0.3 * random.next())
  const afterwards = Math.floor(total * 0.1 * random.next())
  const withAgent = total - before - inQueue - afterwards
  const onHold = random.chance(0.25) ? Math.floor(withAgent * 0.2 * random.next()) : 0
  return { before, inQueue, withAgent, onHold, afterwards }
}

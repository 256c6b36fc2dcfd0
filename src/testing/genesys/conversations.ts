import type { Calendar } from '../platform/calendar.js'
import type { Place } from '../platform/calendar.js'
import { conversationIdAt, traitsAt, type Traits } from './conversation-traits.js'
import { iso } from '../platform/moment.js'
import type { Organization } from './organization.js'
import { agent, customer, phasesOf, waiting, type Participant, type Segment } from './participants.js'
import { SeededRandom } from '../platform/seeded.js'
import { PURPOSE } from './purpose.js'

const ABANDONED = 0.06

/** Writes conversations out in full, as `AnalyticsConversationWithoutAttributes`. */
export class Conversations {
  readonly #seed: number
  readonly #calendar: Calendar
  readonly #organization: Organization
  readonly #pickUserId: (random: SeededRandom) => string

  constructor(
    seed: number,
    calendar: Calendar,
    organization: Organization,
    pickUserId: (random: SeededRandom) => string,
  ) {
    this.#seed = seed
    this.#calendar = calendar
    this.#organization = organization
    this.#pickUserId = pickUserId
  }

  /** The conversation as far as it has come by `now`. */
  entity(place: Place, now: number): Record<string, unknown> {
    const { divisions, queues, wrapUpCodes } = this.#organization
    const random = new SeededRandom(this.#seed, PURPOSE.conversationBody, place.day, place.index)
    const traits = traitsAt(this.#seed, place, divisions.length)
    const phases = phasesOf(random, this.#calendar.startOf(place), this.#calendar.endOf(place))
    const inbound = traits.direction === 'inbound'
    const abandoned = inbound && random.chance(ABANDONED)
    const queue = random.pick(queues)
    const participants = [customer(random, traits.mediaType, phases)]
    if (inbound) participants.push(waiting(random, queue, phases, abandoned))
    if (!abandoned) {
      const who = { userId: this.#pickUserId(random), queueId: queue.id, wrapUpCode: random.pick(wrapUpCodes).id }
      participants.push(agent(random, traits.mediaType, who, phases))
    }
    const ended = phases.end <= now
    return {
      ...(ended && { conversationEnd: iso(phases.end) }),
      conversationId: conversationIdAt(this.#seed, place),
      conversationInitiator: inbound ? 'customer' : 'agent',
      conversationStart: iso(phases.start),
      customerParticipation: !abandoned,
      divisionIds: [(divisions[traits.division] ?? divisions[0]).id],
      ...(ended && traits.mediaType === 'voice' && voiceQuality(random)),
      originatingDirection: traits.direction,
      participants: participants
        .filter(({ segments }) => segments.some(({ from }) => from <= now))
        .map((participant) => writeParticipant(participant, traits, now)),
    }
  }
}

function voiceQuality(random: SeededRandom): Record<string, number> {
  const opinion = 3.5 + random.next()
  return { mediaStatsMinConversationMos: opinion, mediaStatsMinConversationRFactor: 20 * opinion }
}

/** Nothing of the future, and no end to what goes on. */
function writeParticipant({ purpose, members, session, segments, metrics }: Participant, traits: Traits, now: number) {
  return {
    ...members,
    purpose,
    sessions: [
      {
        ...session,
        direction: traits.direction,
        mediaType: traits.mediaType,
        provider: 'PureCloud',
        metrics: metrics
          .filter(({ at }) => at <= now)
          .map(({ name, value, at }) => ({ emitDate: iso(at), name, value })),
        segments: segments.filter(({ from }) => from <= now).map((segment) => writeSegment(segment, now)),
      },
    ],
  }
}

function writeSegment({ segmentType, from, to, members, disconnectType }: Segment, now: number) {
  return {
    ...members,
    ...(to <= now && disconnectType !== undefined && { disconnectType }),
    ...(to <= now && { segmentEnd: iso(to) }),
    segmentStart: iso(from),
    segmentType,
  }
}

import type { MediaType } from './conversation-traits.js'
import type { Named } from './organization.js'
import type { SeededRandom } from '../platform/seeded.js'

/** When the parts of a conversation begin, in milliseconds since the epoch. */
export interface Phases {
  readonly start: number
  readonly queued: number
  readonly alerting: number
  readonly answered: number
  readonly wrapUp: number
  readonly end: number
}

export interface Segment {
  readonly segmentType: string
  readonly from: number
  readonly to: number
  readonly members: Readonly<Record<string, unknown>>
  /** Known once the segment is over. */
  readonly disconnectType?: string | undefined
}

export interface Metric {
  readonly name: string
  readonly value: number
  /** When it is emitted. */
  readonly at: number
}

/** Somebody who takes part, from beginning to end; each has one session. */
export interface Participant {
  readonly purpose: 'customer' | 'acd' | 'agent'
  readonly members: Readonly<Record<string, unknown>>
  readonly session: Readonly<Record<string, unknown>>
  readonly segments: readonly Segment[]
  readonly metrics: readonly Metric[]
}

export function phasesOf(random: SeededRandom, start: number, end: number): Phases {
  const after = (share: number) => start + Math.floor((end - start) * share)
  const queued = after(0.02 + 0.05 * random.next())
  const alerting = after(0.08 + 0.1 * random.next())
  const answered = Math.min(alerting + random.between(1_000, 15_000), after(0.3))
  return { start, queued, alerting, answered, wrapUp: after(0.8 + 0.15 * random.next()), end }
}

export function customer(random: SeededRandom, mediaType: MediaType, { start, queued, end }: Phases): Participant {
  const members = { conference: false }
  return {
    purpose: 'customer',
    members: {
      participantId: random.uuid(),
      participantName: 'Customer',
      ...(random.chance(0.4) && { externalContactId: random.uuid() }),
    },
    session: { ...addressOf(random, mediaType), sessionId: random.uuid(), recording: mediaType === 'voice' },
    segments: [
      { segmentType: 'system', from: start, to: queued, members },
      { segmentType: 'interact', from: queued, to: end, members, disconnectType: 'peer' },
    ],
    metrics: [
      { name: 'nConnected', value: 1, at: queued },
      { name: 'tConnected', value: end - queued, at: end },
    ],
  }
}

function addressOf(random: SeededRandom, mediaType: MediaType): Record<string, unknown> {
  const digits = `1555${random.between(2_000_000, 9_999_999)}`
  switch (mediaType) {
    case 'voice':
      return { ani: `tel:+${digits}`, dnis: 'tel:+15550000001', protocolCallId: random.uuid() }
    case 'callback':
      return { callbackNumbers: [`+${digits}`], callbackUserName: 'Customer' }
    case 'chat':
      return { roomId: `${digits}@conference.example.com` }
    case 'email':
      return { addressFrom: `customer${digits}@example.org`, addressTo: 'help@example.com' }
    case 'message':
      return { addressFrom: `+${digits}`, messageType: 'sms' }
  }
}

/** The queue; in an abandoned conversation the customer gives up in it. */
export function waiting(
  random: SeededRandom,
  queue: Named,
  { queued, answered, end }: Phases,
  abandoned: boolean,
): Participant {
  const left = abandoned ? end : answered
  const members = { queueId: queue.id, conference: false }
  const disconnectType = abandoned ? 'peer' : 'transfer'
  return {
    purpose: 'acd',
    members: { participantId: random.uuid(), participantName: queue.name },
    session: { sessionId: random.uuid(), requestedRoutings: ['Standard'] },
    segments: [{ segmentType: 'interact', from: queued, to: left, members, disconnectType }],
    metrics: [
      { name: 'nOffered', value: 1, at: queued },
      { name: abandoned ? 'tAbandon' : 'tAcd', value: left - queued, at: left },
    ],
  }
}

/** What is known of the agent who takes a conversation. */
export interface Agent {
  readonly userId: string
  readonly queueId: string
  readonly wrapUpCode: string
}

export function agent(
  random: SeededRandom,
  mediaType: MediaType,
  { userId, queueId, wrapUpCode }: Agent,
  phases: Phases,
): Participant {
  const { alerting, answered, wrapUp, end } = phases
  const members = { queueId, conference: false }
  const onHold = mediaType === 'voice' && random.chance(0.25)
  const hold = onHold ? Math.floor((answered + wrapUp) / 2) : wrapUp
  const resumed = hold + Math.floor((wrapUp - hold) / 3)
  const talked = wrapUp - answered - (resumed - hold)
  return {
    purpose: 'agent',
    members: { participantId: random.uuid(), participantName: 'Agent', userId },
    session: { sessionId: random.uuid(), usedRouting: 'Standard', recording: mediaType === 'voice' },
    segments: [
      { segmentType: 'alert', from: alerting, to: answered, members },
      ...(onHold
        ? [
            { segmentType: 'interact', from: answered, to: hold, members },
            { segmentType: 'hold', from: hold, to: resumed, members },
          ]
        : []),
      { segmentType: 'interact', from: onHold ? resumed : answered, to: wrapUp, members, disconnectType: 'client' },
      { segmentType: 'wrapup', from: wrapUp, to: end, members: { ...members, wrapUpCode } },
    ],
    metrics: [
      { name: 'tAlert', value: answered - alerting, at: answered },
      { name: 'tAnswered', value: answered - alerting, at: answered },
      ...(onHold ? [{ name: 'tHeld', value: resumed - hold, at: resumed }] : []),
      { name: 'tTalk', value: talked, at: wrapUp },
      { name: 'tTalkComplete', value: talked, at: wrapUp },
      { name: 'tAcw', value: end - wrapUp, at: end },
      { name: 'tHandle', value: end - answered, at: end },
    ],
  }
}

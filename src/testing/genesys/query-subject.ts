/** Something of a conversation that the predicates of a filter can ask about. */
export interface QuerySubject {
  dimension(name: string): unknown
  metric(name: string): number | undefined
}

type Entity = Readonly<Record<string, unknown>>

/** What no conversation has: an evaluation, a survey, a resolution. */
export const NOTHING: QuerySubject = { dimension: () => undefined, metric: () => undefined }

/** A conversation that is written out. A metric is summed up over its sessions, which is a guess. */
export function conversationSubject(conversation: Entity): QuerySubject {
  return {
    dimension: (name) => memberOf(conversation, name),
    metric: (name) => {
      if (name === 'tConversationDuration') {
        return duration(conversation['conversationStart'], conversation['conversationEnd'])
      }
      const values = listOf(conversation, 'participants')
        .flatMap((participant) => listOf(participant, 'sessions'))
        .flatMap((session) => listOf(session, 'metrics'))
        .filter((metric) => metric['name'] === name)
        .map(({ value }) => Number(value))
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value)
    },
  }
}

/** The segments of a conversation that is written out, each with what its session and its participant say. */
export function segmentSubjects(conversation: Entity): QuerySubject[] {
  return listOf(conversation, 'participants').flatMap((participant) =>
    listOf(participant, 'sessions').flatMap((session) =>
      listOf(session, 'segments').map((segment) => ({
        dimension: (name) => memberOf(segment, name) ?? memberOf(session, name) ?? memberOf(participant, name),
        metric: () => duration(segment['segmentStart'], segment['segmentEnd']),
      })),
    ),
  )
}

/** A dimension is named in the singular also where there may be several. */
function memberOf(entity: Entity, name: string): unknown {
  return entity[name] ?? entity[`${name}s`]
}

function listOf(entity: Entity, name: string): readonly Entity[] {
  return entity[name] as readonly Entity[]
}

function duration(start: unknown, end: unknown): number | undefined {
  return typeof end === 'string' ? Date.parse(end) - Date.parse(start as string) : undefined
}

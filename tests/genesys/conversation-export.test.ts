import { describe, expect, jest, test } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { systemClock } from '../../src/base/clock.js'
import type { Clock } from '../../src/base/clock.js'
import type {
  AnalyticsConversation,
  ConversationExport,
  ConversationExportOptions,
  Iteration,
} from '../../src/genesys/index.js'
import type { GenesysFaultKind, GenesysSimulatorOptions } from '../../src/testing/index.js'
import { all, CANARY, connect, connectTo, errorOf, everythingOf, fastClock, first } from './connect.js'
import type { Connection, Sent } from './connect.js'
import { until } from '../waiting.js'

const JOBS = '/api/v2/analytics/conversations/details/jobs'
const interval = '2026-01-05T06:00:00.000Z/2026-01-07T18:00:00.000Z'
/** The data are there, and the conversations long over. */
const now = new Date('2026-03-01T00:00:00Z')

/** The machine's, but short waits are over at once, such as those for jobs that are done already. */
const impatientClock: Clock = {
  ...systemClock,
  setTimeout: (callback, delay) => systemClock.setTimeout(callback, delay > 5_000 ? delay : 1),
  random: () => 0,
}

/** A client that does not wait, and a simulator whose jobs are done at once. */
function connected(options: GenesysSimulatorOptions = {}, clientOptions = {}): Promise<Connection> {
  const simulated = { now, conversationsPerDay: 120, jobDuration: 0, ...options }
  return connect(simulated, { clock: impatientClock, ...clientOptions })
}

/** Jobs that stay unfinished, and a client that waits for them. */
function waiting(options: GenesysSimulatorOptions = {}): Promise<Connection> {
  return connect({ now, conversationsPerDay: 20, jobDuration: 3_600_000, ...options })
}

async function idsOf(rows: AsyncIterable<{ conversationId: string }>): Promise<string[]> {
  return (await all(rows)).map(({ conversationId }) => conversationId)
}

function exportOf({ genesys }: Connection, options: Partial<ConversationExportOptions> = {}): ConversationExport {
  return genesys.analytics.conversations.export({ interval, ...options })
}

function jobRequests({ sent }: { sent: readonly Sent[] }): string[] {
  const ofJobs = sent.filter(({ path }) => path.startsWith(JOBS))
  return ofJobs.map(({ method, path }) => `${method} ${path.slice(JOBS.length).replace(/\/[0-9a-f-]{36}/, '/{}')}`)
}

describe('an export', () => {
  test('is exactly the truth, in order, with the attributes of participants', async () => {
    const connection = await connected()
    const { running } = connection
    const iteration: Iteration<AnalyticsConversation> = exportOf(connection)
    const rows = await all(iteration)
    expect(rows.map(({ conversationId }) => conversationId)).toEqual(running.truth.exportedIds(interval))
    expect(rows.some(({ participants }) => participants?.some(({ attributes }) => attributes !== undefined))).toBe(true)
    expect(rows.some(({ conversationStart }) => conversationStart < interval)).toBe(true)
    const requests = ['POST ', 'GET /{}', 'GET /{}/results?pageSize=250', expect.stringContaining('&cursor=')]
    expect(jobRequests(connection)).toEqual(requests)
  })

  test('asks for the order that its checkpoints need, and takes nothing that would shorten it', async () => {
    const connection = await connected()
    const segmentFilters = [{ type: 'and', predicates: [{ dimension: 'mediaType', value: 'voice' }] }] as const
    const options = { segmentFilters, startOfDayIntervalMatching: true }
    for (const name of ['limit', 'order', 'orderBy', 'aggregations', 'paging']) {
      expect(() => exportOf(connection, { ...options, [name]: 3 })).toThrow(`Unknown option \`${name}\` in `)
    }
    const found = await idsOf(exportOf(connection, options))
    expect(found.length).toBeGreaterThan(50)
    expect(connection.sent.find(({ path }) => path === JOBS)?.body).toEqual({
      interval,
      segmentFilters,
      startOfDayIntervalMatching: true,
      order: 'asc',
      orderBy: 'conversationStart',
    })
  })

  test.each(['envelope', 'full'] as const)('gives the same with validate: %s', async (validate) => {
    const connection = await connected({}, { validate })
    expect(await idsOf(exportOf(connection, { pageSize: 100 }))).toEqual(connection.running.truth.exportedIds(interval))
  })

  test('of more days than a job may span is done part by part', async () => {
    const limits = { jobDays: 1 }
    const connection = await connected({ limits }, { limits })
    const found = await idsOf(exportOf(connection, { startOfDayIntervalMatching: false }))
    expect([...found].sort()).toEqual([...connection.running.truth.exportedIds(interval)].sort())
    expect(connection.running.simulator.counts.jobsSubmitted).toBe(3)
  })

  test('from the start of the day on leaves out what started before it, in each of its parts', async () => {
    const limits = { jobDays: 1 }
    const connection = await connected({ limits }, { limits })
    const found = await idsOf(exportOf(connection, { startOfDayIntervalMatching: true }))
    const whole = await all(exportOf(connection))
    const expected = whole.filter(({ conversationStart }) => conversationStart >= '2026-01-05')
    expect(expected.length).toBeLessThan(whole.length)
    expect(found).toEqual(expected.map(({ conversationId }) => conversationId))
  })

  test('waits until there is a place for its job', async () => {
    const clock = fastClock()
    const connection = await waiting({ clock, jobDuration: 1_000, limits: { jobsAtOnce: 1 } })
    const both = await Promise.all([idsOf(exportOf(connection)), idsOf(exportOf(connection))])
    const truth = connection.running.truth.exportedIds(interval)
    expect(both).toEqual([truth, truth])
  })

  const faults: readonly GenesysFaultKind[] = [
    'unauthorized',
    'revoked',
    'rate-limited',
    'unavailable',
    'bad-gateway',
    'cut',
    'cut-body',
    'job-expired',
  ]
  test.each(faults)('comes whole, whichever of its requests meets this: %s', async (kind) => {
    for (let at = 1; at <= 6; at++) {
      const fault = { kind, to: JOBS, at, retryAfter: 1 } as const
      const connection = await connected({ conversationsPerDay: 10, faults: [fault] })
      const { truth, simulator } = connection.running
      expect([at, await idsOf(exportOf(connection, { pageSize: 5 }))]).toEqual([at, truth.exportedIds(interval)])
      expect(simulator.counts.faults).toBe(1)
    }
  })

  test('whose job fails is an error, and goes on from its checkpoint with another job', async () => {
    const connection = await connected({ jobDuration: 60_000, faults: [{ kind: 'job-failed', to: `${JOBS}/` }] })
    const error = await errorOf<Error & { checkpoint: string }>(all(exportOf(connection)))
    expect(error).toMatchObject({ code: 'job_failed', message: expect.stringContaining('The job was made to fail.') })
    const again = exportOf(connection, { checkpoint: error.checkpoint, jobTimeout: 1 })
    expect(await errorOf(all(again))).toMatchObject({ code: 'job_timeout', retryable: true })
    expect(connection.running.simulator.counts.jobsSubmitted).toBe(2)
  })

  test.each(['', '.', '..', '\ud800'])(
    'whose job gets an id that is none (%j) is an error, and asks for nothing by it',
    async (jobId) => {
      const { genesys, sent } = await connectTo(() => Response.json({ jobId }, { status: 202 }))
      const rows = genesys.analytics.conversations.export({ interval })
      const error = await errorOf<Error & { checkpoint: string }>(all(rows))
      expect(error).toMatchObject({ code: 'api_response_invalid' })
      expect(sent.slice(1).map(({ method }) => method)).toEqual(['POST'])
      expect(genesys.analytics.conversations.export({ interval, checkpoint: error.checkpoint })).toBeDefined()
    },
  )

  test('whose job is named by the token tells nobody', async () => {
    const { genesys } = await connectTo(({ method }) =>
      method === 'POST'
        ? Response.json({ jobId: `token-${CANARY}` }, { status: 202 })
        : Response.json({ message: 'no' }, { status: 400 }),
    )
    const error = await errorOf(all(genesys.analytics.conversations.export({ interval })))
    expect(error).toMatchObject({ code: 'api_bad_request' })
    expect(everythingOf(error)).not.toContain(CANARY)
  })
})

describe('a checkpoint', () => {
  test('from before the first row waits for the same job in another client', async () => {
    const connection = await connected({ jobDuration: 300 })
    const begun = exportOf(connection, { jobTimeout: 1 })
    const error = await errorOf<Error & { checkpoint: string }>(all(begun))
    expect(error).toMatchObject({ code: 'job_timeout', checkpoint: begun.checkpoint() })
    const rest = await idsOf(exportOf(connection, { checkpoint: error.checkpoint }))
    expect(rest).toEqual(connection.running.truth.exportedIds(interval))
    expect(connection.running.simulator.counts.jobsSubmitted).toBe(1)
  })

  test('after every so many rows gives exactly the rest, of a job that lives and of one that has expired', async () => {
    const limits = { jobDays: 1 }
    const connection = await connected({ conversationsPerDay: 40, limits }, { limits })
    const begun = exportOf(connection, { pageSize: 9 })
    const checkpoints = [begun.checkpoint()]
    const whole: string[] = []
    for await (const { conversationId } of begun) {
      whole.push(conversationId)
      checkpoints.push(begun.checkpoint())
    }
    for (let count = 0; count <= whole.length; count += 13) {
      if (count % 2 === 1) connection.running.simulator.expireJobs()
      const rest = await idsOf(exportOf(connection, { pageSize: 9, checkpoint: checkpoints[count]! }))
      expect(rest).toEqual(whole.slice(count))
    }
  })

  test.each<[string, Partial<ConversationExportOptions>]>([
    ['interval', { interval: '2026-01-05T06:00:00.000Z/2026-01-07T18:00:00.001Z' }],
    ['filter', { segmentFilters: [{ type: 'and', predicates: [{ dimension: 'mediaType', value: 'chat' }] }] }],
    ['page size', { pageSize: 10 }],
    ['first day', { startOfDayIntervalMatching: true }],
  ])('of another %s is refused', async (_what, other) => {
    const connection = await connected({ conversationsPerDay: 5 })
    const begun = exportOf(connection)
    await first(2, begun)
    const error = await errorOf(() => exportOf(connection, { ...other, checkpoint: begun.checkpoint() }))
    expect(error).toMatchObject({ code: 'invalid_checkpoint' })
  })

  test('of another wait for jobs is taken', async () => {
    const connection = await connected({ conversationsPerDay: 5 })
    const begun = exportOf(connection)
    await first(2, begun)
    const options = { checkpoint: begun.checkpoint(), jobTimeout: 5_000, cancelOnReturn: false }
    expect(await idsOf(exportOf(connection, options))).toHaveLength(
      connection.running.truth.exportedIds(interval).length - 2,
    )
  })
})

/** What the process was warned of, and what was published, while it ran. */
async function warningsOf(work: () => Promise<unknown>): Promise<{ warnings: unknown[]; events: unknown[] }> {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const events: unknown[] = []
  const listen = (event: unknown) => events.push(event)
  subscribe('everbearer:data-not-available', listen)
  await work()
  unsubscribe('everbearer:data-not-available', listen)
  const warnings = [...warn.mock.calls]
  warn.mockRestore()
  return { warnings, events }
}

describe('data that are not there yet', () => {
  const live = new Date('2026-01-07T12:00:00Z')

  test('are told once by a warning, by an event and by the export', async () => {
    const connection = await connected({ now: live })
    const rows = exportOf(connection, { pageSize: 50 })
    expect(rows.dataAvailableUntil).toBeUndefined()
    const { warnings, events } = await warningsOf(async () => {
      expect(await idsOf(rows)).toEqual(connection.running.truth.exportedIds(interval))
    })
    expect(warnings).toEqual([
      [
        expect.stringMatching(
          /until 2026-01-07T08:00:00\.000Z only, .* until 2026-01-07T18:00:00\.000Z: .*missing.*analytics\.conversations\.query/,
        ),
        { type: 'EverbearerWarning', code: 'EVERBEARER_DATA_NOT_AVAILABLE' },
      ],
    ])
    expect(rows.dataAvailableUntil).toEqual(new Date('2026-01-07T08:00:00Z'))
    expect(events).toEqual([{ availableUntil: '2026-01-07T08:00:00.000Z', askedUntil: '2026-01-07T18:00:00.000Z' }])
  })

  test('are not warned of when they reach as far as they are asked', async () => {
    const connection = await connected({ now: new Date('2026-01-07T22:00:00Z') })
    const rows = exportOf(connection)
    const { warnings, events } = await warningsOf(() => all(rows))
    expect([warnings, events]).toEqual([[], []])
    expect(rows.dataAvailableUntil).toEqual(new Date('2026-01-07T18:00:00Z'))
  })

  test.each([undefined, null, 'soon'])('are not spoken of when Genesys does not say: %p', async (said) => {
    const { genesys } = await connectTo(
      ({ method, url }) =>
        Response.json(
          method === 'POST'
            ? { jobId: 'j' }
            : url.includes('results')
              ? { dataAvailabilityDate: said }
              : { state: 'FULFILLED' },
        ),
      { clock: impatientClock },
    )
    const rows = genesys.analytics.conversations.export({ interval })
    const { warnings } = await warningsOf(() => all(rows))
    expect([warnings, rows.dataAvailableUntil]).toEqual([[], undefined])
  })
})

describe('leaving an export', () => {
  /** Genesys was asked last for the state of the job, and has heard it. */
  const isLookedAt = (connection: Connection) => {
    const requests = jobRequests(connection)
    return requests.at(-1) === 'GET /{}' && connection.running.simulator.counts.requests === requests.length
  }
  /** Begins to wait for the job. */
  async function begun(connection: Connection, options: Partial<ConversationExportOptions> = {}) {
    const rows = exportOf(connection, options)
    const iterator = rows[Symbol.asyncIterator]()
    const waiting = iterator.next()
    waiting.catch(() => undefined)
    await until(() => isLookedAt(connection))
    return { rows, iterator, waiting }
  }
  const cancelled = ({ running }: Connection) => running.simulator.counts.jobsCancelled

  test('while its job is unfinished ends the wait, and cancels the job', async () => {
    const connection = await waiting()
    const { iterator, waiting: pending } = await begun(connection)
    expect(await iterator.return()).toEqual({ done: true, value: undefined })
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(cancelled(connection)).toBe(1)
    expect(jobRequests(connection).at(-1)).toBe('DELETE /{}')
  })

  test('by its signal rejects with the reason, and cancels the job', async () => {
    const connection = await waiting()
    const controller = new AbortController()
    const { waiting: pending } = await begun(connection, { signal: controller.signal })
    controller.abort('enough')
    expect(await errorOf(pending)).toBe('enough')
    expect(cancelled(connection)).toBe(1)
  })

  test('cancels nothing once a checkpoint was handed out: another process waits for that job', async () => {
    const connection = await waiting()
    const { rows, iterator } = await begun(connection)
    const checkpoint = rows.checkpoint()
    await iterator.return()
    expect(cancelled(connection)).toBe(0)
    const elsewhere = await begun(connection, { checkpoint })
    await elsewhere.iterator.return()
    expect([cancelled(connection), connection.running.simulator.counts.jobsSubmitted]).toEqual([0, 1])
  })

  test('cancels nothing when it is told so', async () => {
    const connection = await waiting()
    const { iterator } = await begun(connection, { cancelOnReturn: false })
    await iterator.return()
    expect(cancelled(connection)).toBe(0)
  })

  test('while its results are read cancels nothing', async () => {
    const connection = await connected()
    await first(5, exportOf(connection, { pageSize: 10 }))
    expect(jobRequests(connection).filter((request) => request.startsWith('DELETE'))).toEqual([])
  })

  test('while a page is under way ends that request', async () => {
    const slow = { kind: 'slow', to: `${JOBS}/`, at: 2, delay: 3_600_000 } as const
    const connection = await connected({ faults: [slow] })
    const iterator = exportOf(connection)[Symbol.asyncIterator]()
    const pending = iterator.next()
    await until(() => jobRequests(connection).some((request) => request.includes('results')))
    await iterator.return()
    expect(await pending).toMatchObject({ done: true })
  })

  test('goes on from a checkpoint that is taken afterwards, with another job', async () => {
    const connection = await waiting()
    const { rows, iterator } = await begun(connection)
    await iterator.return()
    const again = await begun(connection, { checkpoint: rows.checkpoint() })
    await until(() => connection.running.simulator.counts.jobsSubmitted === 2 && isLookedAt(connection))
    await again.iterator.return()
    // It was submitted by the second one, whose checkpoints nobody has.
    expect(cancelled(connection)).toBe(2)
  })

  test('is not held up by a cancellation that fails, which an event tells', async () => {
    const connection = await waiting({ faults: [{ kind: 'internal-error', to: `${JOBS}/`, at: 2, times: Infinity }] })
    const events: unknown[] = []
    const listen = (event: unknown) => events.push(event)
    subscribe('everbearer:job-not-cancelled', listen)
    const controller = new AbortController()
    const { waiting: pending } = await begun(connection, { signal: controller.signal })
    controller.abort('enough')
    expect(await errorOf(pending)).toBe('enough')
    unsubscribe('everbearer:job-not-cancelled', listen)
    expect(events).toEqual([{ jobId: expect.stringMatching(/^[0-9a-f-]{36}$/), code: 'api_server_error' }])
  })

  test('waits for a cancellation for five seconds at most', async () => {
    const slow = { kind: 'slow', to: `${JOBS}/`, at: 2, delay: 3_600_000 } as const
    const connection = await waiting({ faults: [slow] })
    const { iterator } = await begun(connection)
    expect(await iterator.return()).toMatchObject({ done: true })
    expect(cancelled(connection)).toBe(0)
  })

  test('by close of the client ends the wait with its checkpoint, and leaves the job', async () => {
    const connection = await waiting()
    const { rows, waiting: pending } = await begun(connection)
    await connection.genesys.close()
    const error = await errorOf(pending)
    expect(error).toMatchObject({ name: 'TokenError', code: 'closed', checkpoint: rows.checkpoint() })
    expect(cancelled(connection)).toBe(0)
  })
})

test('what jobs may not be asked for is of no type', () => {
  const accepted = { interval, pageSize: 10_000, startOfDayIntervalMatching: true } satisfies ConversationExportOptions
  const refused: ConversationExportOptions[] = [
    // @ts-expect-error an interval is required
    {},
    // @ts-expect-error it would leave rows out
    { interval, limit: 10 },
    // @ts-expect-error the order is the export's own
    { interval, order: 'desc' },
    // @ts-expect-error so is what it goes by
    { interval, orderBy: 'segmentStart' },
    // @ts-expect-error jobs know no aggregations
    { interval, aggregations: [] },
    // @ts-expect-error a dimension that does not exist
    { interval, segmentFilters: [{ type: 'and', predicates: [{ dimension: 'media', value: 'voice' }] }] },
  ]
  expect(refused).not.toContain(accepted)
})

import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { MockAgent } from 'undici'
import { Cxone } from '../../src/cxone/index.js'
import { staticToken } from '../../src/index.js'
import type { EverbearerError } from '../../src/index.js'
import { extractionPosition } from '../../src/cxone/extracted-rows.js'
import { closeServers, loopback } from '../http/loopback.js'
import { HurriedClock } from '../http/hurried-clock.js'
import { all, closeLater, connectTo, errorOf, everythingOf, first } from './connect.js'
import { connectToTenant, SIGNATURE } from './extraction-tenant.js'
import type { ExtractionTenant, Mishap } from './extraction-tenant.js'
import { until } from '../waiting.js'

afterEach(closeServers)

const what = { entityName: 'qm-workflows', version: '3', startDate: '2026-01-05', endDate: '2026-01-06' }

/** A file with so many rows, and what they are. */
function file(count: number): { csv: string; rows: Record<string, string>[] } {
  const rows = Array.from({ length: count }, (_, index) => ({ id: `r${index}`, note: index % 3 ? 'x' : 'a, "b"\né' }))
  const lines = rows.map(({ id, note }) => `${id},"${note.replaceAll('"', '""')}"\r\n`)
  return { csv: `id,note\r\n${lines.join('')}`, rows }
}

/** Reads an export whose first download breaks off once some of its rows are here. */
async function readPastCut(tenant: ExtractionTenant, rows: AsyncIterable<unknown>): Promise<void> {
  let cut!: () => void
  tenant.cut = new Promise((resolve) => (cut = resolve))
  tenant.mishaps = [{ cutAt: 12_000 }]
  for await (const _row of rows) cut()
}

/** The same end again and again. */
const times = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item)

const done = ['list', 'submit', 'get j1', 'download']

describe('an export', () => {
  test('is submitted, looked at until it has succeeded, and read', async () => {
    const { csv, rows } = file(1_203)
    const { cxone, tenant, clock } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', 'Resting', 'SUCCEEDED']]
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    expect(tenant.asked).toEqual(['list', 'submit', 'get j1', 'get j1', 'get j1', 'download'])
    expect(tenant.bodies).toEqual([what])
    // NICE's pause between any two calls.
    expect(clock.waits).toEqual(times(4, 30_000))
  })

  test('may hold no rows', async () => {
    for (const csv of ['', 'id,note\r\n']) {
      const { cxone } = await connectToTenant(csv)
      expect(await all(cxone.dataExtraction.export(what))).toEqual([])
    }
  })

  test('asks for no file before its rows are wanted', async () => {
    const { cxone, tenant } = await connectToTenant('')
    cxone.dataExtraction.export(what)
    expect(tenant.asked).toEqual([])
  })
})

describe('the file of a result', () => {
  test('is fetched without a token from its host, of whatever it is said to be', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant, origin } = await connectToTenant(csv)
    tenant.mishaps = [{ status: 403 }]
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    // Also from the host of the API, which gets a token otherwise.
    tenant.resultOrigin = origin
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    expect(tenant.tokens).toEqual([null, null, null])
  })

  test('is not held back by the queue of the API', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv, { concurrency: 1 })
    // From here on the only place in the queue is taken, by a request that is never answered.
    tenant.onLook = () => void cxone.request('GET', '/silence').catch(() => undefined)
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    expect(tenant.asked).toEqual(done)
  })

  test('is not fetched from an address that is not encrypted', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.resultOrigin = 'http://results.example.com'
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'unsafe_link', checkpoint: expect.any(String) as unknown })
    expect(everythingOf(error)).not.toContain(SIGNATURE)
  })

  test('is not fetched from loopback if the API is not on loopback', async () => {
    const server = await loopback()
    const network = new MockAgent()
    closeLater(network)
    network.enableNetConnect(/^(127\.|localhost)/)
    const jobs = network.get('https://api.example.com')
    const response = {
      jobStatus: { id: 'j1', status: 'SUCCEEDED', result: { url: `${server.origin}/x?${SIGNATURE}` } },
    }
    jobs.intercept({ path: '/data-extraction/v1/jobs/j1' }).reply(200, response)
    jobs.intercept({ path: '/data-extraction/v1/jobs' }).reply(200, { jobs: [] })
    jobs.intercept({ path: '/data-extraction/v1/jobs', method: 'POST' }).reply(202, '"j1"')
    const options = { dispatcher: network, limits: { dataExtractionPause: 1 } }
    const cxone = new Cxone({ tokens: staticToken('a-bearer-token'), apiUrl: 'https://api.example.com' }, options)
    closeLater(cxone)
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'unsafe_link', checkpoint: expect.any(String) as unknown })
    expect(error.message).toContain(server.origin)
    expect(everythingOf(error)).not.toContain(SIGNATURE)
    expect(server.hits).toEqual([])
  })

  test.each([403, 404, 410, 400, 503])('whose address is refused with %i is fetched from a new one', async (status) => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.mishaps = [{ status }, { status }]
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    expect(tenant.asked).toEqual([...done, 'get j1', 'download', 'get j1', 'download'])
  })

  test('that is refused three times in a row is an error with a checkpoint, and without the address', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.mishaps = times(3, { status: 403 })
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_expired', retryable: true, status: 403 })
    expect(everythingOf(error)).not.toContain(SIGNATURE)
    const { checkpoint = '' } = error
    expect(Buffer.from(checkpoint, 'base64url').toString()).not.toContain(SIGNATURE)
    expect(await all(cxone.dataExtraction.export({ ...what, checkpoint }))).toEqual(rows)
    expect(tenant.jobs).toHaveLength(1)
  })

  test('that breaks off three times in a row without a new row is an error with a checkpoint', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.mishaps = times<Mishap>(3, { cutAt: 2 })
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ name: 'ApiError', code: 'api_unreachable', retryable: true })
    const { checkpoint } = error
    expect(await all(cxone.dataExtraction.export({ ...what, checkpoint }))).toEqual(rows)
  })

  test('may be nowhere although the job has succeeded, which is no empty file', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.tellsAddress = false
    const error = await errorOf(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'api_response_invalid', retryable: true })
    expect(tenant.asked).toEqual(['list', 'submit', ...times(3, 'get j1')])
  })

  test.each([
    ['fewer rows', file(1).csv],
    ['other columns', file(1_200).csv.replace('id,', 'key,')],
  ])('that has %s when it is fetched again is an error, and not a row less', async (_what, csv) => {
    const { cxone, tenant } = await connectToTenant(file(1_200).csv)
    tenant.onLook = () => {
      if (tenant.asked.includes('download')) tenant.csv = csv
    }
    const error = await errorOf(readPastCut(tenant, cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'api_response_invalid', retryable: false })
    expect(error.message).toContain('has changed while it was read')
  })
})

describe('rows', () => {
  test('are neither lost nor doubled, wherever the connection breaks and the reader leaves', async () => {
    const { csv, rows } = file(40)
    const size = Buffer.byteLength(csv)
    const { cxone, tenant } = await connectToTenant(csv)
    const cut = fc.oneof(
      fc.integer({ min: 0, max: size - 1 }).map((cutAt) => ({ cutAt })),
      fc.constantFrom(403, 404, 503).map((status) => ({ status })),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 2 }), fc.integer({ min: 1, max: 40 }), async (mishaps, count) => {
        tenant.mishaps = mishaps
        const begun = cxone.dataExtraction.export(what)
        const before = await first(count, begun)
        const checkpoint = begun.checkpoint()
        const after = await all(cxone.dataExtraction.export({ ...what, checkpoint }))
        expect([...before, ...after]).toEqual(rows)
      }),
      { numRuns: 30 },
    )
    expect(tenant.tokens.every((token) => token === null)).toBe(true)
  })

  test('are handed out while the file is still coming, and who leaves ends that', async () => {
    const { cxone, tenant } = await connectToTenant('')
    let hasEnded = false
    tenant.body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('id\n')),
      pull: (controller) => controller.enqueue(Buffer.from('x\n'.repeat(10_000))),
      cancel: () => void (hasEnded = true),
    })
    expect(await first(1, cxone.dataExtraction.export(what))).toEqual([{ id: 'x' }])
    await until(() => hasEnded)
  })
})

describe('a checkpoint', () => {
  test('from before the first row goes on with the same job', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', 'RUNNING', 'SUCCEEDED']]
    const begun = cxone.dataExtraction.export(what)
    let checkpoint = begun.checkpoint()
    tenant.onLook = () => (checkpoint = begun.checkpoint())
    await all(begun)
    tenant.asked.length = 0
    tenant.onLook = () => undefined
    expect(await all(cxone.dataExtraction.export({ ...what, checkpoint }))).toEqual(rows)
    expect(tenant.asked).toEqual(['get j1', 'download'])
  })

  test('is of the same entity, version and dates', async () => {
    const { cxone } = await connectToTenant('')
    const checkpoint = cxone.dataExtraction.export(what).checkpoint()
    for (const other of [
      { entityName: 'x' },
      { version: '4' },
      { startDate: '2026-01-04' },
      { endDate: '2026-01-07' },
    ]) {
      const error = await errorOf(() => cxone.dataExtraction.export({ ...what, ...other, checkpoint }))
      expect(error).toMatchObject({ code: 'invalid_checkpoint' })
    }
    expect(await all(cxone.dataExtraction.export({ ...what, jobTimeout: 9, checkpoint }))).toEqual([])
  })

  test.each([
    [7],
    ['x'],
    [{}],
    [{ job: '..', row: 0 }],
    [{ job: 'j1' }],
    [{ job: 'j1', row: -1 }],
    [{ job: 1, row: 1 }],
  ])('that is damaged is refused: %j', (position) => {
    expect(() => extractionPosition(position)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
  })
})

describe('a job', () => {
  test('that fails is an error with NICE’s words, made safe to print', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.fates = [['RUNNING', 'FAILED']]
    const error = await errorOf(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_failed', retryable: false })
    expect(error.message).toMatch(/^NICE CXone could not do the job j1: The data\W*are gone\./)
    expect(error.message).not.toContain('\u001b')
  })

  test('that somebody cancels is an error, and going on from its checkpoint submits another', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', 'CANCELLED']]
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_cancelled' })
    const { checkpoint } = error
    expect(await all(cxone.dataExtraction.export({ ...what, checkpoint }))).toEqual(rows)
    expect(tenant.jobs).toHaveLength(2)
  })

  test.each(['EXPIRED', null])('whose result is gone (%s) before any of it came is submitted again', async (end) => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', end], ['SUCCEEDED', end], [end]]
    tenant.mishaps = [{ status: 403 }]
    const events: unknown[] = []
    const listen = (event: unknown) => events.push(event)
    subscribe('everbearer:job-resubmitted', listen)
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    unsubscribe('everbearer:job-resubmitted', listen)
    expect(events).toEqual([{ jobId: 'j1' }, { jobId: 'j2' }, { jobId: 'j3' }])
    expect(tenant.jobs).toHaveLength(4)
  })

  test('whose result is gone four times is an error', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.fates = times(9, ['EXPIRED'])
    const error = await errorOf(all(cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'job_expired', retryable: true })
    expect(tenant.jobs).toHaveLength(4)
  })

  test('whose result is gone after some rows is an error: another job’s may be others', async () => {
    const { cxone, tenant } = await connectToTenant(file(1_200).csv)
    tenant.fates = [['SUCCEEDED', 'EXPIRED']]
    const error = await errorOf(readPastCut(tenant, cxone.dataExtraction.export(what)))
    expect(error).toMatchObject({ code: 'job_expired', retryable: false })
    expect(error.message).toMatch(/gone after \d+ rows: start again without the checkpoint/)
    expect(tenant.jobs).toHaveLength(1)
  })

  test('is given up after the time-out, and can be waited for again', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [[...times(4, 'Resting'), 'SUCCEEDED']]
    const error = await errorOf<EverbearerError>(all(cxone.dataExtraction.export({ ...what, jobTimeout: 90_000 })))
    expect(error).toMatchObject({ code: 'job_timeout', retryable: true })
    expect(tenant.asked.filter((asked) => asked === 'get j1')).toHaveLength(3)
    expect(await all(cxone.dataExtraction.export({ ...what, checkpoint: error.checkpoint }))).toEqual(rows)
  })
})

describe('one job at a time', () => {
  test('is begun by a client, while each export reads its own file', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', 'RUNNING', 'SUCCEEDED']]
    const both = [cxone.dataExtraction.export(what), cxone.dataExtraction.export(what)].map(all)
    expect(await Promise.all(both)).toEqual([rows, rows])
    const calls = tenant.asked.filter((asked) => asked !== 'download')
    expect(calls).toEqual(['list', 'submit', 'get j1', 'get j1', 'get j1', 'list', 'submit', 'get j2'])
  })

  test('lets an export be read within another', async () => {
    const { cxone, tenant } = await connectToTenant(file(1).csv)
    let found = 0
    for await (const _outer of cxone.dataExtraction.export(what)) {
      for await (const _inner of cxone.dataExtraction.export(what)) found += 1
    }
    expect([found, tenant.jobs.length]).toEqual([1, 2])
  })

  test('is begun once nobody else’s is running', async () => {
    const { cxone, tenant } = await connectToTenant(file(1).csv)
    tenant.foreign = 2
    await all(cxone.dataExtraction.export(what))
    expect(tenant.asked).toEqual(['list', 'list', ...done])
  })

  test('may never get its turn, which is an error', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.foreign = Infinity
    const error = await errorOf(all(cxone.dataExtraction.export({ ...what, jobTimeout: 90_000 })))
    expect(error).toMatchObject({ name: 'ApiError', code: 'job_timeout', retryable: true })
    expect(tenant.asked).toEqual(times(4, 'list'))
  })

  test.each([400, 409, 429])('is what a refusal with %i may be about: it waits and tries again', async (status) => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.refusals = [() => ((tenant.foreign = 1), Response.json({}, { status }))]
    expect(await all(cxone.dataExtraction.export(what))).toEqual(rows)
    expect(tenant.bodies).toHaveLength(2)
  })

  test('is not what a request that is wrong is refused for', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.refusals = times(9, () => Response.json({}, { status: 400 }))
    expect(await errorOf(all(cxone.dataExtraction.export(what)))).toMatchObject({ code: 'api_bad_request' })
    expect(tenant.asked).toEqual(['list', 'submit', 'list'])
    tenant.refusals = [() => Response.json({}, { status: 403 })]
    expect(await errorOf(all(cxone.dataExtraction.export(what)))).toMatchObject({ code: 'api_forbidden' })
  })

  test('that is refused for ever is an error once the time is over', async () => {
    const { cxone, tenant } = await connectToTenant('')
    tenant.refusals = times(99, () => Response.json({}, { status: 409 }))
    const error = await errorOf(all(cxone.dataExtraction.export({ ...what, jobTimeout: 90_000 })))
    expect(error).toMatchObject({ code: 'api_bad_request', status: 409 })
  })
})

describe('who leaves', () => {
  test.each(['return', 'signal'] as const)('by %s ends the wait, and lets the next export begin', async (how) => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING']]
    const caller = new AbortController()
    const left = cxone.dataExtraction.export({ ...what, signal: caller.signal })[Symbol.asyncIterator]()
    let looks = 0
    tenant.onLook = () => {
      if (++looks !== 2) return
      if (how === 'return') void left.return()
      else caller.abort(new Error('enough'))
    }
    const row = left.next()
    const next = all(cxone.dataExtraction.export(what))
    if (how === 'signal') expect(await errorOf(row)).toMatchObject({ message: 'enough' })
    else expect(await row).toEqual({ done: true, value: undefined })
    expect(await next).toEqual(rows)
    expect(tenant.jobs).toHaveLength(2)
  })

  test('while waiting for a turn holds nobody up', async () => {
    const { csv, rows } = file(3)
    const { cxone, tenant } = await connectToTenant(csv)
    tenant.fates = [['RUNNING', 'SUCCEEDED']]
    const caller = new AbortController()
    const ended = [
      all(cxone.dataExtraction.export(what)),
      errorOf(all(cxone.dataExtraction.export({ ...what, signal: caller.signal }))),
      all(cxone.dataExtraction.export(what)),
    ]
    tenant.onLook = () => caller.abort(new Error('enough'))
    expect(await Promise.all(ended)).toEqual([rows, new Error('enough'), rows])
    expect(tenant.jobs).toHaveLength(2)
  })
})

describe('the jobs', () => {
  test('are submitted, listed and looked at one by one, with the pause between two calls', async () => {
    const { cxone, tenant, sent, clock } = await connectToTenant('')
    expect(await cxone.dataExtraction.submit(what)).toBe('j1')
    tenant.foreign = 1
    expect(await cxone.dataExtraction.list()).toEqual([{ id: 'other', status: 'RUNNING' }])
    expect(await cxone.dataExtraction.get('j1')).toMatchObject({ id: 'j1', status: 'SUCCEEDED' })
    await errorOf(cxone.dataExtraction.get('a/b'))
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /data-extraction/v1/jobs',
      'GET /data-extraction/v1/jobs',
      'GET /data-extraction/v1/jobs/j1',
      'GET /data-extraction/v1/jobs/a%2Fb',
    ])
    expect(clock.waits).toEqual(times(3, 30_000))
  })

  test('are asked for again after no less than the pause', async () => {
    const clock = new HurriedClock()
    const { cxone, sent } = await connectTo(() => new Response('', { status: 503 }), { clock })
    expect(await errorOf(cxone.dataExtraction.list())).toMatchObject({ code: 'api_server_error' })
    expect(clock.waits).toEqual(times(sent.length - 1, 30_000))
    expect(sent).toHaveLength(2)
  })

  test.each(['', '..', {}, null, 7])('have an id that can be asked for: %j', async (id) => {
    const { cxone } = await connectTo(() => Response.json(id, { status: 202 }))
    const error = await errorOf<EverbearerError>(cxone.dataExtraction.submit(what))
    expect(['api_response_invalid', 'schema_mismatch']).toContain(error.code)
  })
})

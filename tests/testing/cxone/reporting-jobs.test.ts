import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { ACD, Caller, refusal } from './caller.js'
import { csvRows } from './csv-rows.js'

const JOBS = `${ACD}/report-jobs`

async function signedIn() {
  const clock = new FakeClock({ now: Date.parse('2026-06-01T12:00:00Z') })
  return { clock, caller: await new Caller({ clock, contactsPerDay: 60, jobDuration: 3_000 }).signIn() }
}

async function jobId(pending: Promise<Response>): Promise<string> {
  const response = await pending
  expect(response.status).toBe(202)
  return ((await response.json()) as { jobId: string }).jobId
}

async function job(caller: Caller, id: string): Promise<Record<string, string>> {
  return (await (await caller.get(`${JOBS}/${id}`)).json()) as Record<string, string>
}

describe('a reporting job', () => {
  it('runs, finishes with the address of a file, and expires', async () => {
    const { clock, caller } = await signedIn()
    const id = await jobId(caller.sendJson('POST', `${JOBS}/1017`, { saveAsFile: true }))
    expect(await job(caller, id)).toEqual({ jobId: id, state: 'Running' })
    await clock.advance(3_000)
    const { resultFileURL, ...rest } = await job(caller, id)
    expect(rest).toEqual({ jobId: id, state: 'Finished' })
    const rows = csvRows(await (await caller.simulator.fetch(new Request(resultFileURL!))).text())
    expect(rows).toEqual(caller.simulator.truth.extraction('contacts', '2026-05-31', '2026-05-31'))
    expect(rows.length).toBeGreaterThan(0)
    caller.simulator.expireJobs()
    expect(await job(caller, id)).toEqual({ jobId: id, state: 'Expired' })
  })

  it('can be of a data download, beside others, and is in the list of them', async () => {
    const { caller } = await signedIn()
    const ids = [
      await jobId(caller.sendJson('POST', `${JOBS}/datadownload/1017`, {})),
      await jobId(caller.send('POST', `${JOBS}/1018`)),
    ]
    const jobs = ids.map((id) => ({ jobId: id, state: 'Running' }))
    expect(await (await caller.get(JOBS)).json()).toEqual({ jobs })
    caller.simulator.failJobs()
    expect(await job(caller, ids[0]!)).toEqual({ jobId: ids[0], state: 'Failed' })
    expect(caller.simulator.counts.jobsSubmitted).toBe(2)
  })

  it('is none of the Data Extraction API', async () => {
    const { caller } = await signedIn()
    const id = await jobId(caller.sendJson('POST', `${JOBS}/1017`, {}))
    expect(await (await caller.get('/data-extraction/v1/jobs')).json()).toEqual({ jobs: [] })
    expect((await refusal(caller.get(`/data-extraction/v1/jobs/${id}`))).status).toBe(404)
  })

  it('is refused for what is no report, no job, or no object', async () => {
    const { caller } = await signedIn()
    expect(await refusal(caller.sendJson('POST', `${JOBS}/daily`, {}))).toMatchObject({
      status: 404,
      reason: 'There is no such report.',
    })
    expect((await refusal(caller.get(`${JOBS}/1`))).status).toBe(404)
    expect((await refusal(caller.sendJson('POST', `${JOBS}/1017`, []))).status).toBe(400)
    expect(caller.simulator.counts.jobsSubmitted).toBe(0)
  })
})

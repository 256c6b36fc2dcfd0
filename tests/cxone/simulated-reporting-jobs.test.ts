import { describe, expect, it } from '@jest/globals'
import { connect } from './connect.js'

describe('reporting jobs of a simulated tenant', () => {
  it('are submitted, listed and finished', async () => {
    const { cxone, running } = await connect({ jobDuration: 50 })
    const jobs = cxone.reportingJobs
    const id = await jobs.submit(1_017, { parameters: { saveAsFile: true } })
    const download = await jobs.submitDataDownload(1_018)
    expect((await jobs.list()).map(({ jobId }) => jobId)).toEqual([id, download])
    const { resultFileURL, state } = await jobs.finished(id)
    expect(state).toBe('Finished')
    expect(new URL(resultFileURL!).origin).toBe(running.simulator.resultOrigin)
    expect(await jobs.get(download)).toMatchObject({ jobId: download })
  })

  it('fail, expire, and are unknown', async () => {
    const { cxone, running } = await connect({ jobDuration: 60_000 })
    const id = await cxone.reportingJobs.submit(1_017)
    running.simulator.failJobs()
    await expect(cxone.reportingJobs.finished(id)).rejects.toMatchObject({ code: 'job_failed' })
    await expect(cxone.reportingJobs.get('nothing')).rejects.toMatchObject({ code: 'api_not_found' })
  })
})

import { describe, expect, it } from '@jest/globals'
import { FakeClock, startCxoneSimulator, type CxoneSimulatorOptions } from '../../../src/testing/index.js'
import { Caller } from './caller.js'
import { csvRows } from './csv-rows.js'

const JOBS = '/data-extraction/v1/jobs'
const MARCH_3 = { entityName: 'contacts', version: '1', startDate: '2026-03-03', endDate: '2026-03-03' }

/** A caller who has a job that has succeeded, and asks for its address. */
async function withResult(options: CxoneSimulatorOptions = {}) {
  const clock = new FakeClock({ now: Date.parse('2026-06-01T12:00:00Z') })
  const caller = await new Caller({ clock, contactsPerDay: 60, jobDuration: 0, ...options }).signIn()
  const id = (await (await caller.sendJson('POST', JOBS, MARCH_3)).json()) as string
  const link = async () => {
    const { jobStatus } = (await (await caller.get(`${JOBS}/${id}`)).json()) as {
      jobStatus: { result: { url: string } }
    }
    return jobStatus.result.url
  }
  const get = (url: string, init?: RequestInit) => caller.simulator.fetch(new Request(url, init))
  return { clock, simulator: caller.simulator, link, get }
}

/** What the result host refuses with. */
async function refusal(pending: Promise<Response>): Promise<{ status: number; code: string }> {
  const response = await pending
  expect(response.headers.get('content-type')).toBe('application/xml')
  const [, code = ''] =
    /<Error><Code>(\w+)<\/Code><Message>[^<]+<\/Message><\/Error>$/.exec(await response.text()) ?? []
  return { status: response.status, code }
}

describe('the address of a result', () => {
  it('is at an origin of its own, another one in each answer, and good more than once', async () => {
    const { simulator, link, get } = await withResult()
    const urls = [await link(), await link()]
    expect(new Set(urls).size).toBe(2)
    for (const url of [...urls, ...urls]) {
      expect(new URL(url).origin).toBe(simulator.resultOrigin)
      expect(csvRows(await (await get(url)).text())).toHaveLength(60)
    }
    expect(simulator.resultCounts).toEqual({ requests: 4, withAuthorization: 0, downloads: 4, denied: 0, faults: 0 })
    expect(simulator.counts).toMatchObject({ requests: 3, unauthorized: 0 })
  })

  it('is good for 30 seconds, and what is on its way by then goes on', async () => {
    const { clock, link, get } = await withResult({ contactsPerDay: 2_000 })
    const [url, response] = [await link(), await get(await link())]
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let bytes = (await reader.read()).value!.length
    await clock.advance(29_999)
    expect((await get(url)).status).toBe(200)
    await clock.advance(1)
    expect(await refusal(get(url))).toEqual({ status: 403, code: 'AccessDenied' })
    expect((await get(await link())).status).toBe(200)
    for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length
    expect(bytes).toBe((await (await get(await link())).arrayBuffer()).byteLength)
  })

  it('dies at once when all of them are made to', async () => {
    const { simulator, link, get } = await withResult()
    const url = await link()
    simulator.addFault({ kind: 'result-expired' })
    const fresh = await link()
    expect(await refusal(get(url))).toEqual({ status: 403, code: 'AccessDenied' })
    expect((await get(fresh)).status).toBe(200)
    expect(simulator.resultCounts).toMatchObject({ downloads: 1, denied: 1 })
  })

  it('is refused with another signature, none, or another method', async () => {
    const { simulator, link, get } = await withResult()
    const other = await withResult()
    const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }
    const url = new URL(await link())
    expect(await refusal(get(url.href, { method: 'HEAD' })).catch(() => 'no body')).toEqual({ status: 403, code: '' })
    expect(await refusal(get(url.href, { method: 'DELETE' }))).toEqual(mismatch)
    expect(await refusal(get(await other.link()))).toEqual(mismatch)
    url.searchParams.set('X-Amz-Expires', '86400')
    expect(await refusal(get(url.href))).toEqual(mismatch)
    url.search = ''
    expect(await refusal(get(url.href))).toEqual({ status: 403, code: 'AccessDenied' })
    expect(simulator.resultCounts).toMatchObject({ requests: 5, denied: 5, downloads: 0 })
  })

  it('is refused along with an Authorization, which is counted whatever comes of it', async () => {
    const { simulator, link, get } = await withResult()
    const headers = { authorization: 'Bearer x' }
    expect(await refusal(get(await link(), { headers }))).toEqual({ status: 400, code: 'InvalidArgument' })
    simulator.addFault({ kind: 'cut', to: '/exports' })
    expect((await get(await link(), { headers })).type).toBe('error')
    expect(simulator.resultCounts).toMatchObject({ requests: 2, withAuthorization: 2, downloads: 0, faults: 1 })
  })
})

describe('faults at the result host', () => {
  it('happen to it alone when they name its path, in its own words', async () => {
    const { simulator, link, get } = await withResult()
    simulator.addFault({ kind: 'unavailable', to: '/exports' })
    simulator.addFault({ kind: 'internal-error', to: '/exports' })
    simulator.addFault({ kind: 'rate-limited', to: '/exports' })
    const url = await link()
    expect(await refusal(get(url))).toEqual({ status: 503, code: 'ServiceUnavailable' })
    expect(await refusal(get(url))).toEqual({ status: 500, code: 'InternalError' })
    expect(await refusal(get(url))).toEqual({ status: 503, code: 'SlowDown' })
    expect((await get(url)).status).toBe(200)
    expect(simulator.counts.faults).toBe(0)
  })

  it('hold a file back, or cut it in the middle', async () => {
    const { clock, simulator, link, get } = await withResult()
    simulator.addFault({ kind: 'slow', to: '/exports', delay: 7_000 })
    const pending = get(await link())
    await clock.advance(7_000)
    const whole = await (await pending).text()
    simulator.addFault({ kind: 'cut-body', to: '/exports' })
    const reader = ((await get(await link())).body as ReadableStream<Uint8Array>).getReader()
    const { value } = await reader.read()
    expect(whole.startsWith(new TextDecoder().decode(value))).toBe(true)
    await expect(reader.read()).rejects.toThrow('cut')
  })
})

describe('a simulator that listens', () => {
  it('has its files at a second server, which ends with it and knows no API', async () => {
    const running = await startCxoneSimulator({ contactsPerDay: 60, jobDuration: 0 })
    const { resultOrigin } = running.simulator
    expect(resultOrigin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(resultOrigin).not.toBe(running.apiUrl)
    expect((await fetch(`${resultOrigin}/.well-known/openid-configuration`)).status).toBe(403)
    expect((await fetch(`${running.apiUrl}/exports/x.csv`)).status).toBe(401)
    expect(running.simulator.resultCounts).toMatchObject({ requests: 1, denied: 1 })
    await running.close()
    await expect(fetch(resultOrigin)).rejects.toThrow('fetch failed')
  })

  it('closes the second server when it cannot start', async () => {
    const taken = await startCxoneSimulator()
    const port = Number(new URL(taken.apiUrl).port)
    const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    const before = servers()
    await expect(startCxoneSimulator({ port })).rejects.toThrow('EADDRINUSE')
    await expect(startCxoneSimulator({ agents: -1 })).rejects.toMatchObject({ code: 'invalid_option' })
    while (servers() > before) await new Promise((resolve) => setImmediate(resolve))
    await taken.close()
  })
})

import { describe, expect, it } from '@jest/globals'
import { FakeClock, GENESYS_FAULT_KINDS, GenesysSimulator, type GenesysFault } from '../../../src/testing/index.js'
import { Caller, JOBS, refusal } from './caller.js'

async function signedIn(...faults: GenesysFault[]): Promise<Caller> {
  const caller = await new Caller({ users: 10 }).signIn()
  for (const fault of faults) caller.simulator.addFault(fault)
  return caller
}

async function statuses(caller: Caller, count: number, path = '/api/v2/users'): Promise<(number | string)[]> {
  const seen: (number | string)[] = []
  for (let i = 0; i < count; i++) {
    const { type, status } = await caller.get(path)
    seen.push(type === 'error' ? 'cut' : status)
  }
  return seen
}

describe('the script of faults', () => {
  it('begins with the request it is told to, and happens as often as it is told to', async () => {
    const caller = await signedIn({ kind: 'unavailable', at: 2, times: 3 })
    expect(await statuses(caller, 6)).toEqual([200, 503, 503, 503, 200, 200])
    expect(caller.simulator.counts).toMatchObject({ requests: 6, faults: 3, serverErrors: 3 })
  })

  it('counts from when it was added, and only the requests that it concerns', async () => {
    const caller = await signedIn()
    await statuses(caller, 5)
    caller.simulator.addFault({ kind: 'internal-error', to: '/api/v2/routing', at: 2 })
    expect(await statuses(caller, 3)).toEqual([200, 200, 200])
    await caller.askForToken()
    expect(await statuses(caller, 3, '/api/v2/routing/queues')).toEqual([200, 500, 200])
  })

  it('lasts for a duration from the first request that it happens to', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, faults: [{ kind: 'down', at: 2, duration: 500 }] }).signIn()
    expect(await statuses(caller, 1)).toEqual([200])
    await clock.advance(10_000)
    expect(await statuses(caller, 2)).toEqual(['cut', 'cut'])
    await clock.advance(499)
    expect(await statuses(caller, 1)).toEqual(['cut'])
    await clock.advance(1)
    expect(await statuses(caller, 1)).toEqual([200])
  })

  it('lets the first of two that are due happen, and keeps the other for later', async () => {
    const caller = await signedIn({ kind: 'unavailable', at: 1 }, { kind: 'internal-error', at: 1 })
    expect(await statuses(caller, 3)).toEqual([503, 500, 200])
  })

  it('refuses what makes no sense', () => {
    const add = (fault: object) => () => new GenesysSimulator({ faults: [fault as GenesysFault] })
    for (const fault of [
      ...[{ kind: 'boom' }, { kind: 'cut', to: 'users' }, { kind: 'cut', at: 0 }, { kind: 'cut', times: 1.5 }],
      ...[
        { kind: 'cut', duration: 0 },
        { kind: 'slow', delay: -1 },
        { kind: 'cut', after: 3 },
        { kind: 'rate-limited', retryAfter: 0.5 },
      ],
    ]) {
      expect(add(fault)).toThrow(
        expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('fault.') }),
      )
    }
  })
})

describe('each fault', () => {
  it('has its test here', () => {
    expect(GENESYS_FAULT_KINDS).toHaveLength(18)
  })

  it('unauthorized: 401 though the token lives', async () => {
    const caller = await signedIn({ kind: 'unauthorized' })
    expect(await refusal(caller.get('/api/v2/users'))).toMatchObject({ status: 401, code: 'bad.credentials' })
    expect(await statuses(caller, 1)).toEqual([200])
    caller.simulator.addFault({ kind: 'unauthorized', to: 'token' })
    const response = await caller.askForToken()
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_client' }])
  })

  it('revoked: every token dies', async () => {
    const caller = await signedIn({ kind: 'revoked' })
    expect(await statuses(caller, 2)).toEqual([401, 401])
    await caller.signIn()
    expect(await statuses(caller, 1)).toEqual([200])
  })

  it('job-failed and job-expired: what is under way fails, what is there expires', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, jobDuration: 1_000 }).signIn()
    const body = { interval: '2026-01-01T00:00Z/2026-01-02T00:00Z' }
    const state = async (id: string) => ((await (await caller.get(`${JOBS}/${id}`)).json()) as { state: string }).state
    const first = await caller.jobId(body)
    await clock.advance(1_000)
    const second = await caller.jobId(body)
    caller.simulator.addFault({ kind: 'job-failed', to: JOBS, at: 2 })
    expect([await state(second), await state(second), await state(first)]).toEqual(['QUEUED', 'FAILED', 'FULFILLED'])
    caller.simulator.addFault({ kind: 'job-expired', to: `${JOBS}/` })
    expect([await state(first), await state(second)]).toEqual(['EXPIRED', 'FAILED'])
  })

  it('ip-not-authorized: 401 with a code of its own', async () => {
    const caller = await signedIn({ kind: 'ip-not-authorized' })
    expect(await refusal(caller.get('/api/v2/users'))).toMatchObject({ status: 401, code: 'ip.not.authorized' })
  })

  it('rate-limited: 429 with Retry-After, 400 at the token endpoint', async () => {
    const caller = await signedIn({ kind: 'rate-limited', retryAfter: 7 }, { kind: 'rate-limited', to: 'token' })
    const response = await caller.get('/api/v2/users')
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await refusal(Promise.resolve(response))).toMatchObject({
      status: 429,
      code: 'too.many.requests.retry.after',
    })
    const token = await caller.askForToken()
    expect([token.status, await token.json()]).toMatchObject([400, { error: 'invalid_request' }])
    expect(token.headers.get('retry-after')).toBeNull()
  })

  it('internal-error, unavailable and gateway-timeout: JSON; bad-gateway and html: a page', async () => {
    const caller = await signedIn(
      { kind: 'internal-error' },
      { kind: 'unavailable', retryAfter: 2 },
      { kind: 'gateway-timeout' },
    )
    caller.simulator.addFault({ kind: 'bad-gateway' })
    caller.simulator.addFault({ kind: 'html' })
    const get = () => caller.get('/api/v2/users')
    expect(await refusal(get())).toMatchObject({ status: 500, code: 'internal.server.error' })
    const unavailable = await get()
    expect(unavailable.headers.get('retry-after')).toBe('2')
    expect(await refusal(Promise.resolve(unavailable))).toMatchObject({ status: 503, code: 'service.unavailable' })
    expect(await refusal(get())).toMatchObject({ status: 504, code: 'request.timeout' })
    for (const status of [502, 200]) {
      const page = await get()
      expect(page.status).toBe(status)
      expect(page.headers.get('content-type')).toMatch(/^text\/html/)
      expect(page.headers.get('inin-correlation-id')).not.toBeNull()
      expect(await page.text()).toMatch(/^<!DOCTYPE html>/)
    }
  })

  it('slow: the usual answer, late', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, faults: [{ kind: 'slow', delay: 300 }, { kind: 'slow' }] }).signIn()
    for (const wait of [300, 5_000]) {
      let status = 0
      const answered = caller.get('/api/v2/users').then((response) => (status = response.status))
      await clock.advance(wait - 1)
      expect(status).toBe(0)
      await clock.advance(1)
      await answered
      expect(status).toBe(200)
    }
  })

  it('cut and down: no answer; cut-body: half of one', async () => {
    const caller = await signedIn({ kind: 'cut' }, { kind: 'down' }, { kind: 'cut-body' })
    expect(await statuses(caller, 2)).toEqual(['cut', 'cut'])
    const response = await caller.get('/api/v2/users')
    expect(response.status).toBe(200)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const { value } = await reader.read()
    expect(value?.length).toBe(Math.ceil(Number(response.headers.get('content-length')) / 2))
    await expect(reader.read()).rejects.toThrow('cut')
  })

  it('not-json and schema: 200 with the wrong thing, also for a token', async () => {
    const caller = await signedIn({ kind: 'not-json' }, { kind: 'schema' }, { kind: 'schema', to: 'token' })
    const broken = await caller.get('/api/v2/users')
    expect(broken.headers.get('content-type')).toBe('application/json')
    await expect(broken.json()).rejects.toMatchObject({ name: 'SyntaxError' })
    expect(await (await caller.get('/api/v2/users')).json()).toMatchObject({ entities: 'none', conversations: 'none' })
    expect(await (await caller.askForToken()).json()).toMatchObject({ access_token: 42 })
  })

  it('huge: as much as is read, and no more', async () => {
    const caller = await signedIn({ kind: 'huge', to: 'token' })
    const response = await caller.askForToken()
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let read = 0
    while (read < 2 ** 20) read += (await reader.read()).value?.length ?? Infinity
    expect(read).toBe(2 ** 20)
    await reader.cancel()
  })
})

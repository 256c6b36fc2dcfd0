import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../../src/testing/index.js'
import { Caller, ORIGIN, refusal } from './caller.js'

const INTERVAL = '2026-01-01T00:00Z/2026-01-02T00:00Z'

describe('the bearer token', () => {
  it('is asked for, without a challenge', async () => {
    const caller = new Caller()
    for (const headers of [{}, { authorization: 'Basic abc' }]) {
      const response = await caller.simulator.fetch(new Request(`${ORIGIN}/api/v2/users`, { headers }))
      expect(response.headers.get('www-authenticate')).toBeNull()
      expect(await refusal(Promise.resolve(response))).toMatchObject({ status: 401, code: 'authentication.required' })
    }
    expect(caller.simulator.counts).toMatchObject({ requests: 2, unauthorized: 2 })
  })

  it('dies when its lifetime is over, when it is revoked, and with its simulator', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, tokenLifetime: 3 }).signIn()
    await clock.advance(2_999)
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    await clock.advance(1)
    const response = await caller.get('/api/v2/users')
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await refusal(Promise.resolve(response))).toMatchObject({ status: 401, code: 'bad.credentials' })

    await caller.signIn()
    const elsewhere = new Caller()
    elsewhere.token = caller.token
    expect((await elsewhere.get('/api/v2/users')).status).toBe(401)
    caller.simulator.revokeTokens()
    expect((await caller.get('/api/v2/users')).status).toBe(401)
  })

  it('dies while the machine of a shared clock sleeps, and is not brought back by a clock set back', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, tokenLifetime: 60 }).signIn()
    clock.jump(-3_600_000)
    await clock.advance(60_000)
    expect((await caller.get('/api/v2/users')).status).toBe(401)
    await caller.signIn()
    clock.sleep(60_000)
    expect((await caller.get('/api/v2/users')).status).toBe(401)
  })
})

describe('the API as a whole', () => {
  it('limits the rate of each token in windows of a minute', async () => {
    const clock = new FakeClock()
    const caller = await new Caller({ clock, users: 1 }).signIn()
    for (let i = 0; i < 300; i++) expect((await caller.get('/api/v2/users')).status).toBe(200)
    await clock.advance(17_500)
    const response = await caller.get('/api/v2/users')
    expect(response.headers.get('retry-after')).toBe('43')
    expect(await response.json()).toEqual({
      message: 'Rate limit exceeded the maximum. Retry the request in [43] seconds',
      code: 'too.many.requests.retry.after',
      status: 429,
      contextId: response.headers.get('inin-correlation-id'),
      details: [],
      errors: [],
    })
    expect(caller.simulator.counts.rateLimited).toBe(1)
    await new Caller().signIn()
    const first = caller.token
    await caller.signIn()
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    caller.token = first
    expect((await caller.get('/api/v2/users')).status).toBe(429)
    await clock.advance(42_500)
    expect((await caller.get('/api/v2/users')).status).toBe(200)
  })

  it('asks for a permission, and names those that would do', async () => {
    const caller = await new Caller({ permissions: [] }).signIn()
    const response = await caller.query({ interval: INTERVAL })
    const { messageParams } = (await response.clone().json()) as { messageParams: { permissions: string } }
    const permissions = 'analytics:conversationDetail:view, analytics:agentConversationDetail:view'
    expect(messageParams).toEqual({ permissions })
    const { message, ...rest } = await refusal(Promise.resolve(response))
    expect(rest).toEqual({ status: 403, code: 'missing.any.permissions' })
    expect(message.endsWith(`You must have at least one of the following permissions assigned: ${permissions}`)).toBe(
      true,
    )

    const agent = await new Caller({ permissions: ['analytics:agentConversationDetail:view'] }).signIn()
    expect((await agent.query({ interval: INTERVAL })).status).toBe(200)
  })

  it('asks for one wherever Genesys does, and by default gives all of them', async () => {
    const [unpermitted, permitted] = [await new Caller({ permissions: [] }).signIn(), await new Caller().signIn()]
    const json = { 'content-type': 'application/json' }
    const details = ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']
    const analytics = '/api/v2/analytics/conversations'
    for (const [method, path, ...permissions] of [
      ['GET', '/api/v2/users/query', 'directory:user:view'],
      ['GET', '/api/v2/users/search?q64=e30', 'directory:user:view'],
      ['POST', '/api/v2/users/search', 'directory:user:view'],
      ['GET', '/api/v2/routing/queues', 'routing:queue:view'],
      ['GET', '/api/v2/routing/wrapupcodes', 'routing:wrapupCode:view'],
      ['DELETE', '/api/v2/tokens/nobody', 'oauth:token:delete'],
      ['GET', `${analytics}/details/jobs/availability`, 'analytics:conversationDetail:view'],
      ['GET', `${analytics}/details/jobs/none`, ...details],
      ['DELETE', `${analytics}/details/jobs/none`, ...details],
      ['GET', `${analytics}/details/jobs/none/results`, ...details],
      ['POST', `${analytics}/details/jobs`, ...details],
      ['POST', `${analytics}/details/query`, ...details],
      ['GET', `${analytics}/details?id=none`, ...details],
      ['GET', `${analytics}/none/details`, ...details],
    ] as [string, string, ...string[]][]) {
      const body = method === 'POST' ? '{}' : undefined
      const response = await unpermitted.send(method, path, json, body)
      expect(await response.json()).toMatchObject({
        status: 403,
        code: 'missing.any.permissions',
        messageParams: { permissions: permissions.join(', ') },
      })
      expect((await permitted.send(method, path, json, body)).status).not.toBe(403)
    }
    for (const path of ['/api/v2/users', '/api/v2/tokens/me', '/api/v2/tokens/timeout']) {
      expect((await unpermitted.get(path)).status).toBe(200)
    }
  })

  it('asks a client for the permissions that it has now, with the token that it has', async () => {
    const caller = await new Caller().signIn()
    const { clientId } = caller.simulator
    const queues = async () => (await caller.get('/api/v2/routing/queues')).status
    expect(await queues()).toBe(200)
    caller.simulator.setPermissions(clientId, ['directory:user:view'])
    expect(await queues()).toBe(403)
    expect((await caller.get('/api/v2/users')).status).toBe(200)
    caller.simulator.setPermissions(clientId, ['routing:queue:view'])
    expect(await queues()).toBe(200)
    expect(() => caller.simulator.setPermissions('nobody', [])).toThrow('no client nobody')
    const wrong = () => caller.simulator.setPermissions(clientId, 'all' as unknown as string[])
    expect(wrong).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })

  it('is closed to an address that is not allowed, while the authorization server is open to it', async () => {
    const caller = new Caller({ faults: [{ kind: 'ip-not-authorized', times: Infinity }] })
    for (let i = 0; i < 3; i++) {
      expect((await caller.askForToken()).status).toBe(200)
      await caller.signIn()
      for (const path of ['/api/v2/users', '/api/v2/tokens/me']) {
        expect(await refusal(caller.get(path))).toMatchObject({ status: 401, code: 'ip.not.authorized' })
      }
      expect((await caller.send('HEAD', '/api/v2/tokens/me')).status).toBe(401)
    }
  })

  it('has no users/me for client credentials', async () => {
    const caller = await new Caller().signIn()
    expect(await refusal(caller.get('/api/v2/users/me'))).toEqual({
      status: 400,
      code: 'bad.request',
      message: 'This request requires a user context. Client credentials cannot be used for requests to this resource.',
    })
  })

  it('refuses unknown paths, other methods, other content types, bodies that are no JSON or too long', async () => {
    const caller = await new Caller({ limits: { requestBytes: 1_000 } }).signIn()
    const path = '/api/v2/analytics/conversations/details/query'
    const json = { 'content-type': 'application/json; charset=utf-8' }
    expect(await refusal(caller.get('/api/v2/nothing'))).toMatchObject({ status: 404, code: 'not.found' })
    const wrongMethod = await caller.get(path)
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST'])
    const text = caller.send('POST', path, { 'content-type': 'text/plain' }, '{}')
    expect(await refusal(text)).toMatchObject({ status: 415, code: 'unsupported.media.type' })
    expect(await refusal(caller.send('POST', path, json, '{'))).toMatchObject({ status: 400, code: 'bad.request' })
    expect(await refusal(caller.send('POST', path, json, '[]'))).toMatchObject({ status: 400, code: 'bad.request' })
    expect(await refusal(caller.send('POST', path, json, ' '.repeat(1_001)))).toEqual({
      status: 413,
      code: 'request.entity.too.large',
      message: 'The request is over the size limit. Maximum bytes: 1000',
    })
  })

  it('lists queues and wrap-up codes by pages', async () => {
    const caller = await new Caller().signIn()
    const page = await (await caller.get('/api/v2/routing/queues?pageSize=4&pageNumber=3')).json()
    expect(page).toMatchObject({ total: 10, pageCount: 3, pageNumber: 3 })
    expect((page as { entities: unknown[] }).entities).toHaveLength(2)
    const codes = await (await caller.get('/api/v2/routing/wrapupcodes?pageSize=4&pageNumber=2')).json()
    expect(codes).toMatchObject({ total: 6, entities: [{ name: 'No sale' }, { name: 'Wrong number' }] })
    const [{ id }] = (codes as { entities: [{ id: string }] }).entities
    const one = await (await caller.get(`/api/v2/routing/wrapupcodes?id=${id}`)).json()
    expect(one).toMatchObject({ total: 1, entities: [{ id, selfUri: `/api/v2/routing/wrapupcodes/${id}` }] })
    expect((await refusal(caller.get('/api/v2/routing/queues?name=S*'))).message).toContain('not modelled')
    const unpermitted = await new Caller({ permissions: [] }).signIn()
    expect((await refusal(unpermitted.get('/api/v2/routing/queues'))).message).toContain('routing:queue:view')
    expect((await refusal(unpermitted.get('/api/v2/routing/wrapupcodes'))).message).toContain('routing:wrapupCode:view')
  })

  it('holds every answer back by its latency, and gives up when the caller does', async () => {
    const clock = new FakeClock()
    const caller = new Caller({ clock, latency: 200 })
    let answered = false
    const response = caller.askForToken().then(() => (answered = true))
    await clock.advance(199)
    expect(answered).toBe(false)
    await clock.advance(1)
    await response
    const gone = new AbortController()
    const pending = caller.simulator.fetch(new Request(`${ORIGIN}/api/v2/users`, { signal: gone.signal }))
    gone.abort(new Error('changed my mind'))
    await expect(pending).rejects.toThrow('changed my mind')
    expect(clock.pendingTimers).toBe(0)
  })
})

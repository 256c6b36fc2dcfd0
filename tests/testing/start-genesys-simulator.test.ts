import { afterEach, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { startGenesysSimulator, type RunningGenesysSimulator } from '../../src/testing/index.js'
import type { GenesysFault } from '../../src/testing/index.js'

let running: RunningGenesysSimulator | undefined

afterEach(async () => {
  await running?.close()
  running = undefined
})

async function start(...faults: GenesysFault[]): Promise<RunningGenesysSimulator> {
  running = await startGenesysSimulator({ users: 30, faults })
  return running
}

async function signIn({ loginUrl, env }: RunningGenesysSimulator): Promise<{ authorization: string }> {
  const credentials = btoa(`${env.GENESYS_CLIENT_ID}:${env.GENESYS_CLIENT_SECRET}`)
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  const headers = { authorization: `Basic ${credentials}` }
  const response = await fetch(`${loginUrl}/oauth/token`, { method: 'POST', headers, body })
  const { access_token } = (await response.json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}

describe('startGenesysSimulator', () => {
  it('listens on loopback, with login and API on one origin', async () => {
    const { loginUrl, apiUrl, env } = await start()
    expect(loginUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(apiUrl).toBe(loginUrl)
    expect(env).toMatchObject({ GENESYS_LOGIN_URL: loginUrl, GENESYS_API_URL: apiUrl })
  })

  it('answers over HTTP what it answers in the process', async () => {
    const simulator = await start()
    const headers = await signIn(simulator)
    const response = await fetch(`${simulator.apiUrl}/api/v2/users?pageSize=100`, { headers })
    const { entities } = (await response.json()) as { entities: { id: string }[] }
    expect(entities.map(({ id }) => id)).toEqual(simulator.truth.userIds())
    expect(response.headers.get('inin-correlation-id')).not.toBeNull()
    const head = await fetch(`${simulator.apiUrl}/api/v2/tokens/me`, { method: 'HEAD', headers })
    expect(head.status).toBe(200)
    const interval = '2026-03-03T00:00Z/2026-03-04T00:00Z'
    const query = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ interval }),
    }
    const rows = await fetch(`${simulator.apiUrl}/api/v2/analytics/conversations/details/query`, query)
    expect(await rows.json()).toMatchObject({ totalHits: 1_000 })
  })

  it('destroys the connection for cut and down, and in mid-answer for cut-body', async () => {
    const simulator = await start({ kind: 'cut' }, { kind: 'down', to: 'token' })
    const { apiUrl } = simulator
    await expect(fetch(`${apiUrl}/api/v2/users`)).rejects.toThrow('fetch failed')
    await expect(fetch(`${apiUrl}/oauth/token`, { method: 'POST' })).rejects.toThrow('fetch failed')
    const headers = await signIn(simulator)
    simulator.simulator.addFault({ kind: 'cut-body' })
    const response = await fetch(`${apiUrl}/api/v2/users`, { headers })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    expect((await fetch(`${apiUrl}/api/v2/users`, { headers })).status).toBe(200)
  })

  it('makes a huge body only as fast as it is read', async () => {
    const { apiUrl } = await start({ kind: 'huge', times: 2 })
    const before = process.memoryUsage().arrayBuffers
    const gone = new AbortController()
    const response = await fetch(`${apiUrl}/api/v2/users`, { signal: gone.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let read = 0
    while (read < 5_000_000) read += (await reader.read()).value?.length ?? Infinity
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
    gone.abort()
    await expect(reader.read()).rejects.toThrow()
  })

  it('refuses too long a body before it has read it, and goes on with the connection', async () => {
    const simulator = await start()
    const headers = { ...(await signIn(simulator)), 'content-type': 'application/json' }
    const path = `${simulator.apiUrl}/api/v2/analytics/conversations/details/query`
    const response = await fetch(path, { method: 'POST', headers, body: ' '.repeat(5_000_000) })
    expect(response.status).toBe(413)
    await response.text()
    expect((await fetch(`${simulator.apiUrl}/api/v2/users`, { headers })).status).toBe(200)
  })

  it('drops a delayed answer when the client goes away', async () => {
    const simulator = await start({ kind: 'slow', delay: 3_600_000 })
    const headers = await signIn(simulator)
    const gone = new AbortController()
    const pending = fetch(`${simulator.apiUrl}/api/v2/users`, { headers, signal: gone.signal })
    while (simulator.simulator.counts.requests === 0) await new Promise((resolve) => setImmediate(resolve))
    gone.abort()
    await expect(pending).rejects.toThrow('aborted')
  })

  it('closes at once, whoever is connected, and twice without harm', async () => {
    const simulator = await start({ kind: 'slow', delay: 3_600_000 })
    const waiting = fetch(`${simulator.apiUrl}/api/v2/users`)
    const idle = connect(Number(new URL(simulator.apiUrl).port), '127.0.0.1')
    idle.on('error', () => {})
    const closed = new Promise((resolve) => idle.once('close', resolve))
    while (simulator.simulator.counts.requests === 0) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([expect(waiting).rejects.toThrow('fetch failed'), simulator.close()])
    await closed
    await simulator.close()
    await expect(fetch(`${simulator.apiUrl}/api/v2/users`)).rejects.toThrow('fetch failed')
  })

  it('can be disposed of', async () => {
    let url: string
    {
      await using simulator = await startGenesysSimulator({ users: 0 })
      url = simulator.apiUrl
      expect((await fetch(`${url}/api/v2/users`)).status).toBe(401)
    }
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startCxoneSimulator, type RunningCxoneSimulator } from '../../../src/testing/index.js'
import { csvRows } from './csv-rows.js'

/**
 * What NICE's documentation has an application do, step by step, and with nothing of this project: discovery, a token by
 * access key, the tenant's configuration, and rows.
 */
async function signIn(issuer: string, env: Readonly<Record<string, string>>) {
  const discovered = await fetch(`${issuer}/.well-known/openid-configuration`)
  const { token_endpoint } = (await discovered.json()) as { token_endpoint: string }
  const id = encodeURIComponent(env['CXONE_CLIENT_ID'] ?? '')
  const secret = encodeURIComponent(env['CXONE_CLIENT_SECRET'] ?? '')
  const login = await fetch(token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'password',
      username: env['CXONE_ACCESS_KEY_ID'] ?? '',
      password: env['CXONE_ACCESS_KEY_SECRET'] ?? '',
    }),
  })
  const tokens = (await login.json()) as { access_token: string; id_token: string; refresh_token: string }
  const [, claims = ''] = tokens.id_token.split('.')
  const { tenantId } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { tenantId: string }
  const configuration = await fetch(`${issuer}/.well-known/cxone-configuration?tenantId=${tenantId}`)
  const { api_endpoint } = (await configuration.json()) as { api_endpoint: string }
  return { ...tokens, api: `${api_endpoint}/incontactapi/services/v34.0`, base: api_endpoint, token_endpoint }
}

async function readAll(url: string, token: string, rows: string, id: string): Promise<unknown[]> {
  const ids: unknown[] = []
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  for (let skip = 0; ; skip = ids.length) {
    const response = await fetch(`${url}&skip=${skip}`, { headers })
    if (response.status === 204) return ids
    expect(response.status).toBe(200)
    const page = (await response.json()) as Record<string, Record<string, unknown>[]>
    ids.push(...(page[rows] ?? []).map((row) => row[id]))
  }
}

/** Data Extraction: submits, asks until there is an address, and downloads from there without the token. */
async function extract(base: string, token: string, job: Record<string, string>): Promise<Record<string, string>[]> {
  const jobs = `${base}/data-extraction/v1/jobs`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const submitted = await fetch(jobs, { method: 'POST', headers, body: JSON.stringify(job) })
  expect(submitted.status).toBe(202)
  const id = (await submitted.json()) as string
  for (;;) {
    const response = await fetch(`${jobs}/${id}`, { headers })
    const { jobStatus } = (await response.json()) as { jobStatus: { status: string; result?: { url: string } } }
    if (jobStatus.status === 'RUNNING') continue
    expect(jobStatus.status).toBe('SUCCEEDED')
    return csvRows(await (await fetch(jobStatus.result!.url)).text())
  }
}

describe('a client that follows the documentation of NICE', () => {
  let simulator: RunningCxoneSimulator

  beforeAll(async () => {
    const now = new Date('2026-06-01T12:00:00Z')
    simulator = await startCxoneSimulator({
      agents: 150,
      contactsPerDay: 500,
      now,
      jobDuration: 20,
      limits: { contactPageSize: 300 },
    })
  })
  afterAll(() => simulator.close())

  it('gets from the issuer to all agents and all contacts of a day', async () => {
    const { api, access_token } = await signIn(simulator.issuer, simulator.env)
    expect(api).toBe(`${simulator.apiUrl}/incontactapi/services/v34.0`)
    expect(await readAll(`${api}/agents?top=100`, access_token, 'agents', 'agentId')).toEqual(
      simulator.truth.agentIds(),
    )
    const [startDate, endDate] = ['2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z']
    const query = new URLSearchParams({ startDate, endDate, top: '10000' }).toString()
    const contacts = await readAll(`${api}/contacts/completed?${query}`, access_token, 'completedContacts', 'contactId')
    expect(contacts).toEqual(simulator.truth.contactIds(startDate, endDate))
    expect(contacts).toHaveLength(500)
  })

  it('extracts a day of contacts, by a job and a file at another origin', async () => {
    const { base, access_token } = await signIn(simulator.issuer, simulator.env)
    const dates = { startDate: '2026-03-03', endDate: '2026-03-03' }
    const rows = await extract(base, access_token, { entityName: 'contacts', version: '1', ...dates })
    expect(rows).toEqual(simulator.truth.extraction('contacts', '2026-03-03', '2026-03-03'))
    expect(rows).toHaveLength(500)
    expect(simulator.simulator.resultCounts).toMatchObject({ requests: 1, withAuthorization: 0, downloads: 1 })
  })

  it('finds the users of UserHub, page by page', async () => {
    const { base, access_token } = await signIn(simulator.issuer, simulator.env)
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
    const ids: string[] = []
    let total = Infinity
    while (ids.length < total) {
      const body = JSON.stringify({ filter: {}, fields: ['id'], skip: ids.length, top: 50 })
      const response = await fetch(`${base}/user-management/v2/users/search`, { method: 'POST', headers, body })
      const { totalRecords, users } = (await response.json()) as { totalRecords: number; users: { id: string }[] }
      total = totalRecords
      ids.push(...users.map(({ id }) => id))
    }
    expect(ids).toEqual(simulator.truth.userIds())
  })

  it('renews its token with the refresh token', async () => {
    const { api, refresh_token, token_endpoint } = await signIn(simulator.issuer, simulator.env)
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token,
      client_id: simulator.env.CXONE_CLIENT_ID,
    })
    const { access_token } = (await (await fetch(token_endpoint, { method: 'POST', body })).json()) as {
      access_token: string
    }
    const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' }
    expect((await fetch(`${api}/contacts/active`, { headers })).status).toBe(200)
  })

  it('needs no client when it asks with the access key alone', async () => {
    const { CXONE_ACCESS_KEY_ID, CXONE_ACCESS_KEY_SECRET, CXONE_ACCESS_KEY_ENDPOINT } = simulator.accessKeyEnv
    const response = await fetch(CXONE_ACCESS_KEY_ENDPOINT, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accessKeyId: CXONE_ACCESS_KEY_ID, accessKeySecret: CXONE_ACCESS_KEY_SECRET }),
    })
    const { access_token } = (await response.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' }
    const agent = await fetch(`${simulator.apiUrl}/incontactapi/services/v34.0/agents/1001`, { headers })
    expect(await agent.json()).toMatchObject({ agentId: 1_001 })
  })
})

import { GenesysSimulator } from 'everbearer/testing'

export const PAGE_DAY = '2026-01-05'

/** Rows of a page of each listing, as the simulator of everbearer/testing makes them. */
export interface SimulatedPages {
  readonly conversations: readonly object[]
  readonly users: readonly object[]
}

export async function simulatedPages(pageSize: number): Promise<SimulatedPages> {
  const simulator = new GenesysSimulator({ users: pageSize, conversationsPerDay: pageSize })
  const post = async (path: string, body: URLSearchParams | object, headers: Record<string, string>) => {
    const isForm = body instanceof URLSearchParams
    const init = isForm ? { body } : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const request = new Request(`https://api.test${path}`, { method: 'POST', ...init })
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
    return (await (await simulator.fetch(request)).json()) as Record<string, unknown>
  }
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const credentials = btoa(`${simulator.clientId}:${simulator.clientSecret}`)
  const { access_token: token } = await post('/oauth/token', form, { authorization: `Basic ${credentials}` })
  const headers = { authorization: `Bearer ${String(token)}` }
  const query = {
    interval: `${PAGE_DAY}T00:00:00.000Z/2026-01-06T00:00:00.000Z`,
    order: 'asc',
    orderBy: 'conversationStart',
    paging: { pageSize, pageNumber: 1 },
  }
  const { conversations } = await post('/api/v2/analytics/conversations/details/query', query, headers)
  const listed = await simulator.fetch(new Request(`https://api.test/api/v2/users?pageSize=${pageSize}`, { headers }))
  const { entities } = (await listed.json()) as { entities: object[] }
  return { conversations: conversations as object[], users: entities }
}

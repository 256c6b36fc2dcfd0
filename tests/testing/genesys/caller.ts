import { GenesysSimulator, type GenesysSimulatorOptions } from '../../../src/testing/index.js'
import { basic, BearerCaller } from '../bearer-caller.js'

export const ORIGIN = 'https://genesys.test'

export const JOBS = '/api/v2/analytics/conversations/details/jobs'

/** Speaks to a simulator of Genesys Cloud. */
export class Caller extends BearerCaller<GenesysSimulator> {
  constructor(options: GenesysSimulatorOptions = {}) {
    super(new GenesysSimulator(options), ORIGIN)
  }

  askForToken(
    credentials = `${this.simulator.clientId}:${this.simulator.clientSecret}`,
    form: Record<string, string> = { grant_type: 'client_credentials' },
  ): Promise<Response> {
    return this.sendForm('/oauth/token', form, basic(credentials))
  }

  async signIn(credentials?: string): Promise<this> {
    const response = (await (await this.askForToken(credentials)).json()) as { access_token: string }
    this.token = response.access_token
    return this
  }

  query(body: unknown): Promise<Response> {
    return this.sendJson('POST', '/api/v2/analytics/conversations/details/query', body)
  }

  submit(body: unknown): Promise<Response> {
    return this.sendJson('POST', JOBS, body)
  }

  /** The id of a job that is accepted. */
  async jobId(body: unknown): Promise<string> {
    const response = await this.submit(body)
    if (response.status !== 202) throw new Error(`status ${response.status}`)
    return ((await response.json()) as { jobId: string }).jobId
  }

  /** A page of a job's results. */
  async results(jobId: string, parameters: Record<string, string> = {}): Promise<JobPage> {
    const response = await this.get(`${JOBS}/${jobId}/results?${new URLSearchParams(parameters).toString()}`)
    if (response.status !== 200) throw new Error(`status ${response.status}`)
    return (await response.json()) as JobPage
  }

  /** Every row of a fulfilled job. */
  async exported(jobId: string, pageSize = 1_000): Promise<Conversation[]> {
    const rows: Conversation[] = []
    let cursor: string | undefined
    do {
      const page = await this.results(jobId, { pageSize: String(pageSize), ...(cursor !== undefined && { cursor }) })
      rows.push(...(page.conversations ?? []))
      cursor = page.cursor
    } while (cursor !== undefined)
    return rows
  }

  /** Every row of a query, read page by page until there are none. */
  async rows(query: Record<string, unknown>, pageSize = 100): Promise<Conversation[]> {
    const rows: Conversation[] = []
    for (let pageNumber = 1; ; pageNumber++) {
      const response = await this.query({ ...query, paging: { pageSize, pageNumber } })
      const { conversations } = (await response.json()) as { conversations?: Conversation[] }
      if (!conversations) return rows
      rows.push(...conversations)
    }
  }
}

export interface JobPage {
  conversations?: Conversation[]
  cursor?: string
  dataAvailabilityDate: string
}

/** The members of a conversation that tests look at. */
export interface Conversation {
  conversationId: string
  conversationStart: string
  conversationEnd?: string
  originatingDirection: string
  divisionIds: string[]
  participants: {
    purpose: string
    userId?: string
    attributes?: Record<string, string>
    sessions: {
      mediaType: string
      direction: string
      metrics: { name: string; value: number; emitDate: string }[]
      segments: { segmentType: string; segmentStart: string; segmentEnd?: string; queueId?: string }[]
    }[]
  }[]
}

/** What an error answer says, with its header and its body's id in agreement. */
export async function refusal(pending: Promise<Response>): Promise<{ status: number; code: string; message: string }> {
  const response = await pending
  const body = (await response.json()) as { status: number; code: string; message: string; contextId: string }
  if (body.status !== response.status) throw new Error(`status ${response.status} is ${body.status} in the body`)
  if (body.contextId !== response.headers.get('inin-correlation-id')) throw new Error('two correlation ids')
  return { status: body.status, code: body.code, message: body.message }
}

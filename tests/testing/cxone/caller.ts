import { CxoneSimulator, type CxoneSimulatorOptions } from '../../../src/testing/index.js'
import { basic, BearerCaller } from '../bearer-caller.js'

export const ORIGIN = 'https://cxone.test'
export const ACD = '/incontactapi/services/v34.0'

/** What the token endpoint answers. */
export interface TokenResponse {
  access_token: string
  refresh_token: string
  id_token: string
  expires_in: number
}

/** Speaks to a simulator of NICE CXone. */
export class Caller extends BearerCaller<CxoneSimulator> {
  constructor(options: CxoneSimulatorOptions = {}) {
    super(new CxoneSimulator(options), ORIGIN)
  }

  /** HTTP Basic of the client with both halves form-encoded, as NICE's samples have it. */
  get client(): { authorization: string } {
    const { clientId, clientSecret } = this.simulator
    return basic(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
  }

  get accessKey(): { username: string; password: string } {
    return { username: this.simulator.accessKeyId, password: this.simulator.accessKeySecret }
  }

  askForToken(form: Record<string, string> = this.accessKey, headers = this.client): Promise<Response> {
    return this.sendForm('/auth/token', { grant_type: 'password', ...form }, headers)
  }

  refresh(token: string, headers: Record<string, string> = this.client): Promise<Response> {
    return this.sendForm('/auth/token', { grant_type: 'refresh_token', refresh_token: token }, headers)
  }

  async signIn(): Promise<this> {
    this.token = ((await (await this.askForToken()).json()) as TokenResponse).access_token
    return this
  }

  /** A page of an ACD listing. */
  async page(path: string, parameters: Record<string, string> = {}): Promise<AcdPage> {
    const response = await this.get(`${ACD}${path}?${new URLSearchParams(parameters).toString()}`)
    if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
    return (await response.json()) as AcdPage
  }
}

/** The members of a page that tests look at. */
export interface AcdPage {
  _links: { self: string; next?: string; previous?: string }
  businessUnitId: number
  lastPollTime: string
  totalRecords: number
  agents: Record<string, unknown>[]
  completedContacts: Record<string, unknown>[]
  contacts: Record<string, unknown>[]
}

/** What an error answer of the ACD or of the token endpoint says. */
export async function refusal(
  pending: Promise<Response> | Response,
): Promise<{ status: number; error: string; reason: string }> {
  const response = await pending
  const { error, error_description: reason } = (await response.json()) as { error: string; error_description: string }
  return { status: response.status, error, reason }
}

/** Where the API and the authorization server of a run listen, both on loopback. */
export interface Hosts {
  readonly origin: string
  readonly tokenEndpoint: string
}

/** A client of the API, as its library's users would write it. */
export interface Client {
  readonly GET: () => Promise<void>
  readonly POST?: () => Promise<void>
}

/** The connections that each client may open, and the calls that it has under way. */
export const CONNECTIONS = 64

export const PATH = '/things'

/** One kilobyte. */
export const BODY = JSON.stringify({ text: 'x'.repeat(1024 - '{"text":""}'.length) })

export const JSON_HEADERS = { 'content-type': 'application/json' }

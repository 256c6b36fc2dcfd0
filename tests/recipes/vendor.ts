import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { serveExampleHosts } from '../docs/example-hosts.js'
import type { ExampleHosts } from '../docs/example-hosts.js'
import type { Arrived } from '../grants/authorization-server.js'

export interface VendorResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body: unknown
}

/** An authorization server and an API as a vendor has them. */
export interface Vendor {
  /** What the page reads from its environment, beside CLIENT_ID and CLIENT_SECRET. */
  readonly env?: Readonly<Record<string, string>>
  /** Where tokens are. */
  readonly tokenEndpoint: string
  /** What a token request is answered with: a token, or what is wrong with the request. */
  issue(request: Arrived, token: string): VendorResponse | Promise<VendorResponse>
  /** What the vendor says of itself, by its address. */
  readonly documents?: Readonly<Record<string, unknown>>
  /** The n-th token, where it has a form of its own. */
  tokenOf?(count: number): string
  /** What its API says to a token that is no longer good. */
  readonly refusal: Omit<VendorResponse, 'status'>
  /** What is at an address of its API. */
  readonly api: Readonly<Record<string, unknown>>
}

/** The servers of a vendor, in the place of every host there is. */
export interface RunningVendor extends ExampleHosts {
  /** The bodies of the token requests, and the `Authorization` of the API's. */
  readonly tokenRequests: readonly Arrived[]
  readonly apiRequests: readonly Arrived[]
}

/** The first token is revoked before it is first used. */
export async function startVendor(vendor: Vendor): Promise<RunningVendor> {
  const { tokenEndpoint, documents = {}, tokenOf = (count: number) => `token-${count}` } = vendor
  const tokenRequests: Arrived[] = []
  const apiRequests: Arrived[] = []

  async function responseTo(url: string, arrived: Arrived): Promise<VendorResponse> {
    if (url in documents) return { body: documents[url] }
    if (url === tokenEndpoint) {
      tokenRequests.push(arrived)
      return vendor.issue(arrived, tokenOf(tokenRequests.length))
    }
    if (!(url in vendor.api)) return { status: 404, body: { message: 'There is nothing here.' } }
    apiRequests.push(arrived)
    if (arrived.headers.authorization === `Bearer ${tokenOf(2)}`) return { body: vendor.api[url] }
    return { status: 401, ...vendor.refusal }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const { method = '', url = '', headers } = request
    const arrived = { method, url, headers, body, form: new URLSearchParams(body) }
    const answer = await responseTo(`https://${headers.host}${url}`, arrived)
    const type = { 'content-type': 'application/json;charset=utf-8' }
    response.writeHead(answer.status ?? 200, { ...type, ...answer.headers }).end(JSON.stringify(answer.body))
  }

  const hosts = await serveExampleHosts((request, response) => {
    // What the vendor cannot make sense of fails the page, not the test run.
    respond(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)))
  })
  return { ...hosts, env: { ...hosts.env, EXAMPLE_HOSTS: 'all', ...vendor.env }, tokenRequests, apiRequests }
}

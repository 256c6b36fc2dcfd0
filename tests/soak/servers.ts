import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker, parentPort, workerData } from 'node:worker_threads'

import { chanceFrom, pick } from './chance.js'

/** What the servers are told: a mishap comes after about so many accepted requests. */
export interface ServerPlan {
  readonly seed: number
  readonly mishapEvery: number
}

/** What they have seen. */
export interface ServerReport {
  readonly accepted: number
  readonly refused: number
  /** Requests without a token, which nobody may send. */
  readonly naked: number
  readonly tokenRequests: number
  readonly mishaps: Readonly<Record<string, number>>
}

/** An API and an authorization server, in a thread of their own so that their heap is not counted. */
export interface SoakServers {
  readonly api: string
  readonly tokenEndpoint: string
  report(): Promise<ServerReport>
  close(): Promise<void>
}

/** Starts the program once more, as a worker, which must then call {@link serve}. */
export async function startServers(program: URL, plan: ServerPlan): Promise<SoakServers> {
  const worker = new Worker(program, { workerData: plan, execArgv: [] })
  const [{ api, login }] = (await once(worker, 'message')) as [{ api: string; login: string }]
  return {
    api,
    tokenEndpoint: `${login}/token`,
    async report() {
      worker.postMessage('report')
      const [report] = (await once(worker, 'message')) as [ServerReport]
      return report
    },
    async close() {
      await worker.terminate()
    },
  }
}

/** What may happen, and how often in comparison. Each trouble meets the next few token requests. */
const MISHAPS = { revocation: 12, '503': 2, 'cut off': 1, hanging: 1, refusal: 1, 'no JSON': 1 }
type Mishap = keyof typeof MISHAPS

/** The worker's part. */
export async function serve(): Promise<void> {
  const { seed, mishapEvery } = workerData as ServerPlan
  const chance = chanceFrom(seed)
  const living = new Map<string, number>()
  const seen = { accepted: 0, refused: 0, naked: 0, tokenRequests: 0, mishaps: {} as Record<string, number> }
  let newest = ''
  let trouble: { kind: Mishap; left: number } = { kind: '503', left: 0 }
  let untilMishap = mishapEvery

  const mishap = () => {
    const kind = pick(MISHAPS, chance)
    seen.mishaps[kind] = (seen.mishaps[kind] ?? 0) + 1
    if (kind !== 'revocation') trouble = { kind, left: 1 + Math.floor(chance() * 4) }
    // An outage alone is seen by nobody while the token lives.
    if (kind === 'revocation' || chance() < 0.5) living.delete(newest)
    untilMishap = mishapEvery * (0.5 + chance())
  }

  const onTokenRequest = (response: ServerResponse) => {
    seen.tokenRequests += 1
    if (trouble.left > 0) {
      trouble.left -= 1
      return TROUBLES[trouble.kind]?.(response)
    }
    for (const [token, expiresAt] of living) if (expiresAt <= performance.now()) living.delete(token)
    newest = `${seen.tokenRequests}.${Math.floor(chance() * 2 ** 32)}`
    const expiresIn = 1 + Math.floor(chance() * 2)
    living.set(newest, performance.now() + expiresIn * 1_000)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: newest, token_type: 'Bearer', expires_in: expiresIn }))
  }

  const onApiRequest = ({ headers, url }: IncomingMessage, response: ServerResponse, length: number) => {
    const token = (headers.authorization ?? '').replace('Bearer ', '')
    if (token === '') seen.naked += 1
    if (!((living.get(token) ?? 0) > performance.now())) {
      seen.refused += 1
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('refused')
      return
    }
    seen.accepted += 1
    untilMishap -= 1
    if (untilMishap <= 0) mishap()
    const body = `${url} ${length}`
    if (url === '/late') setTimeout(() => response.end(body), 3)
    else if (url === '/slow') {
      response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, 4))
      setTimeout(() => response.end(body.slice(4)), 3)
    } else if (url === '/broken') {
      response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, 4), () => response.destroy())
    } else response.end(body)
  }

  const api = await listening((request, response) => {
    let length = 0
    request.on('data', (chunk: Buffer) => (length += chunk.length)).on('error', () => undefined)
    request.on('end', () => onApiRequest(request, response, length))
  })
  const login = await listening((request, response) => {
    request.resume().on('end', () => onTokenRequest(response))
  })
  parentPort?.on('message', () => parentPort?.postMessage(seen))
  parentPort?.postMessage({ api, login })
}

const TROUBLES: Partial<Record<Mishap, (response: ServerResponse) => void>> = {
  '503': (response) => response.writeHead(503).end('down'),
  'cut off': (response) => response.destroy(),
  hanging: () => undefined,
  refusal: (response) => response.writeHead(401).end('{"error":"invalid_client"}'),
  'no JSON': (response) => response.end('<html>'),
}

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const certificate = join(import.meta.dirname, 'certificates/example.com.pem')
const key = join(import.meta.dirname, 'certificates/example.com-key.pem')
const preload = pathToFileURL(join(import.meta.dirname, 'lead-to-example-hosts.js')).href

/** The hosts that documentation speaks of, on this machine: https://login.example.com and https://api.example.com. */
export interface ExampleHosts {
  /** What `node` needs in front of the file it runs. */
  readonly nodeArguments: readonly string[]
  /** What it needs in its environment. */
  readonly env: Readonly<Record<string, string>>
  readonly server: Server
  close(): void
}

/** Serves tokens at login.example.com to any client that shows a secret or an assertion, and things at api.example.com for such a token. */
export function startExampleHosts(): Promise<ExampleHosts> {
  return serveExampleHosts(answer)
}

/** The same hosts, both answered by this listener. */
export async function serveExampleHosts(listener: RequestListener): Promise<ExampleHosts> {
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    nodeArguments: ['--import', preload],
    env: {
      CLIENT_ID: 'an-example-client',
      CLIENT_SECRET: 'an-example-secret',
      TOKEN_KEY: Buffer.alloc(32, 'an-example-key').toString('base64'),
      EXAMPLE_HOSTS_PORT: String(port),
      NODE_EXTRA_CA_CERTS: certificate,
    },
    server,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const TOKEN = 'an-example-token'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

function showsWho({ authorization }: IncomingHttpHeaders, form: URLSearchParams): boolean {
  const shown = ['client_secret', 'client_assertion', 'assertion']
  return authorization?.startsWith('Basic ') === true || shown.some((name) => form.has(name))
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => (body += text))
  request.on('end', () => {
    const [status, value] = statusAndBody(request, body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
}

const ISSUER = 'https://login.example.com'
const METADATA = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/oauth/token`,
  revocation_endpoint: `${ISSUER}/oauth/revoke`,
}

function statusAndBody({ headers, method, url }: IncomingMessage, body: string): [status: number, body: unknown] {
  const type = headers['dpop'] === undefined ? 'Bearer' : 'DPoP'
  switch (headers.host) {
    case 'login.example.com':
      if (url === '/.well-known/oauth-authorization-server') return [200, METADATA]
      return showsWho(headers, new URLSearchParams(body))
        ? [200, { access_token: TOKEN, token_type: type, expires_in: 3600, issued_token_type: ACCESS_TOKEN }]
        : [401, { error: 'invalid_client' }]
    case 'api.example.com':
      if (headers.authorization !== `${type} ${TOKEN}`) return [401, { error: 'no token, or a wrong one' }]
      return method === 'GET' ? [200, { things: [] }] : [201, { received: body.length }]
    default:
      return [421, { error: 'another host' }]
  }
}

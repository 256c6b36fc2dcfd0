// The hosts that a process of `npm run network` talks to, on this machine: https://*.example.com with a certificate that
// only NODE_EXTRA_CA_CERTS knows, a token endpoint over plain HTTP, and a proxy that leads to both.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const docs = join(import.meta.dirname, '../../tests/docs')
const certificate = join(docs, 'certificates/example.com.pem')
const key = readFileSync(join(docs, 'certificates/example.com-key.pem'))
const TOKEN = 'a-real-token'

/** Starts them. `hits()` counts the requests so far, by the way that they took. */
export async function startHosts() {
  const hits = { direct: 0, proxied: 0 }
  /** The ports that the proxy connects from. */
  const proxyPorts = new Set()
  const answer = (request, response) => {
    hits[proxyPorts.has(request.socket.remotePort) ? 'proxied' : 'direct'] += 1
    request.resume()
    const { status = 200, body } = bodyFor(request)
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  }
  const secure = https.createServer({ cert: readFileSync(certificate), key }, answer)
  const plain = http.createServer(answer)
  const proxy = http.createServer()
  const [securePort, plainPort, proxyPort] = await Promise.all([secure, plain, proxy].map(listen))
  const connect = (port) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => proxyPorts.add(socket.localPort)).on('error', () => undefined)
    return socket
  }
  proxy.on('connect', (request, socket) => {
    const target = connect(request.url.endsWith(`:${plainPort}`) ? plainPort : securePort)
    socket.on('error', () => undefined)
    target.on('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
  })
  // undici 8 sends http URLs to a proxy as they are.
  proxy.on('request', (request, response) => {
    const { pathname } = new URL(request.url)
    const options = { createConnection: () => connect(plainPort), path: pathname, method: request.method }
    const forwarded = http.request({ ...options, headers: request.headers }, (answered) => {
      response.writeHead(answered.statusCode, answered.headers)
      answered.pipe(response)
    })
    request.pipe(forwarded)
  })
  return {
    proxy: `http://127.0.0.1:${proxyPort}`,
    urls: {
      token: 'https://login.example.com/token',
      plainToken: `http://127.0.0.1:${plainPort}/token`,
      api: 'https://api.example.com/things',
      result: 'https://files.example.com/result.csv',
    },
    nodeArguments: ['--import', pathToFileURL(join(docs, 'lead-to-example-hosts.js')).href],
    env: { EXAMPLE_HOSTS_PORT: String(securePort), NODE_EXTRA_CA_CERTS: certificate },
    hits: () => ({ ...hits }),
    close() {
      for (const server of [secure, plain, proxy]) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

function bodyFor({ url, headers }) {
  if (url === '/token') return { body: JSON.stringify({ access_token: TOKEN, token_type: 'Bearer', expires_in: 60 }) }
  if (url === '/result.csv')
    return headers.authorization ? { status: 400, body: 'a token came along' } : { body: 'real' }
  return headers.authorization === `Bearer ${TOKEN}` ? { body: '"real"' } : { status: 401, body: 'no token' }
}

async function listen(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

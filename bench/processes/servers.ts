// An authorization server and an API. Their answers are prepared, so that the clients, and not these, are what is slow.
import { createServer } from 'node:http'
import { PATH } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { listen } from '../listen.js'
import { unsignedToken } from '../unsigned-token.js'

const LIFETIME = 3600

const thing = Buffer.from(
  JSON.stringify({ id: 'f1b3', name: 'a thing', tags: ['one', 'two'], at: '2026-01-01T00:00:00Z' }),
)

/** Both answer as late as the request's query asks, in milliseconds: `?after=50`. */
function soon(query: string | undefined, answer: () => void): void {
  if (query === undefined) answer()
  else setTimeout(answer, Number(query))
}

const authorizationServer = createServer((request, response) => {
  const [, query] = request.url!.split('?after=')
  request.resume().once('end', () => {
    soon(query, () => {
      response.setHeader('content-type', 'application/json')
      const answer = { access_token: unsignedToken(LIFETIME), token_type: 'Bearer', expires_in: LIFETIME }
      response.end(JSON.stringify(answer))
    })
  })
})

const api = createServer((request, response) => {
  const [path, query] = request.url!.split('?after=')
  request.resume().once('end', () => {
    const authorized = path === PATH && /^Bearer ./.test(request.headers.authorization ?? '')
    soon(query, () => {
      response.writeHead(authorized ? 200 : 401, { 'content-type': 'application/json', 'content-length': thing.length })
      response.end(thing)
    })
  })
})

const tokenEndpoint = `${await listen(authorizationServer)}/token`
process.send!({ origin: await listen(api), tokenEndpoint } satisfies Hosts)

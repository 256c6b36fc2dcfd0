// An authorization server that may fail and an API that knows which tokens are revoked. They count what they are asked for.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Asked, Weather } from '../bad-day.js'
import type { Hosts } from '../hosts.js'
import { listen } from '../listen.js'
import { unsignedToken } from '../unsigned-token.js'

/** Milliseconds: long enough that a herd is there before the first of it has its token. */
const TOKEN_TIME = 50

let weather: Weather = { lifetime: 3600 }
let tokenRequests = 0
let refusals = 0
const alive = new Set<string>()

const authorizationServer = createServer((request, response) => {
  tokenRequests++
  request.resume().once('end', async () => {
    await setTimeout(TOKEN_TIME)
    const { lifetime, isFailing } = weather
    response.writeHead(isFailing ? 503 : 200, { 'content-type': 'application/json' })
    if (isFailing) response.end(JSON.stringify({ error: 'temporarily_unavailable' }))
    else {
      const token = unsignedToken(lifetime)
      alive.add(token)
      response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: lifetime }))
    }
  })
})

const api = createServer(async (request, response) => {
  request.resume()
  const isAlive = alive.has((request.headers.authorization ?? '').replace('Bearer ', ''))
  if (!isAlive && weather.between401s !== undefined) await setTimeout(weather.between401s * ++refusals)
  response.writeHead(isAlive ? 200 : 401, { 'content-type': 'application/json' }).end('{}')
})

process.on('message', (order: Weather) => {
  weather = order
  if (order.isRevoked) alive.clear()
  process.send!({ tokenRequests } satisfies Asked)
  tokenRequests = 0
  refusals = 0
})
const tokenEndpoint = `${await listen(authorizationServer)}/token`
process.send!({ origin: await listen(api), tokenEndpoint } satisfies Hosts)

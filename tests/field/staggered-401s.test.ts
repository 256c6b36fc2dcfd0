/**
 * Fifty requests are under way with a token that has just died, and their 401s come in one after another, some after the
 * new token is there. Each late one makes its client throw away a good token: 25 refreshes for 50 requests in five
 * libraries of six, 10 for 10 in google-auth-library 10.9.1.
 *
 * everbearer compares: a 401 to a token that is no longer the current one is answered by sending the request again with the
 * current one.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import type { TokenSource } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { api, loopback } from '../http/loopback.js'
import { mints, tokensFrom, together } from './issuer.js'

const COUNT = 50

/** Answers a request with the old token once the one before it has been replayed. */
async function staggered() {
  const issuer = await loopback(mints())
  const accepts = api('token-2')
  const replayed = Array.from({ length: COUNT }, () => {
    let resolve!: () => void
    const promise = new Promise<void>((settle) => (resolve = settle))
    return { promise, resolve }
  })
  const things = await loopback(async (incoming, outgoing, hit) => {
    const number = Number(hit.path.slice(1))
    if (hit.authorization[0] !== 'Bearer token-1') replayed[number]!.resolve()
    else if (number > 0) await replayed[number - 1]!.promise
    return accepts(incoming, outgoing, hit)
  })
  return { issuer, things }
}

test.each(['bearer', 'createFetch'])('%s: fifty 401s, each later than the last: one exchange', async (way) => {
  const { issuer, things } = await staggered()
  const tokens = tokensFrom(issuer)
  const origins = [things.origin]
  const dispatcher = agent(bearer(tokens, { origins }))
  const fetch = createFetch(tokens, { origins })
  const statuses = await together(COUNT, async (i) => {
    const url = `${things.origin}/${i}`
    return way === 'bearer' ? (await request(url, { dispatcher })).statusCode : (await fetch(url)).status
  })
  expect(statuses).toEqual(Array(COUNT).fill(200))
  expect(issuer.hits).toHaveLength(2)
  const sent = things.tokens()
  expect(sent.filter((token) => token === 'token-1')).toHaveLength(COUNT)
  expect(sent.filter((token) => token === 'token-2')).toHaveLength(COUNT)
})

test('a source that does not compare throws good tokens away', async () => {
  const { issuer, things } = await staggered()
  things.listener = ((accepts) => (incoming, outgoing, hit) => {
    // Here any later token is good.
    if (hit.authorization[0] !== 'Bearer token-1') hit = { ...hit, authorization: ['Bearer token-2'] }
    return accepts(incoming, outgoing, hit)
  })(things.listener)
  const tokens = tokensFrom(issuer)
  const forgetful: TokenSource = {
    current: () => tokens.current(),
    getToken({ rejected, ...options } = {}) {
      if (rejected) tokens.invalidate()
      return tokens.getToken(options)
    },
  }
  const dispatcher = agent(bearer(forgetful, { origins: [things.origin] }))
  await together(COUNT, (i) => request(`${things.origin}/${i}`, { dispatcher }))
  expect(issuer.hits.length).toBeGreaterThan(20)
})

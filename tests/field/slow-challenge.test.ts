/**
 * A `WWW-Authenticate` of 16,000 characters that its reader goes through again and again: 93 ms in Azure's
 * `parseChallenges`, quadratically, 14 ms in oauth4webapi 3.8.8, for each answer, and nothing else runs meanwhile.
 *
 * everbearer reads it once from left to right. Here 300 hostile ones are read in less time than quadratic reading would
 * take for a few dozen: it is the test's own time-out that fails.
 */
import { expect, test } from '@jest/globals'
import { bearer } from '../../src/index.js'
import { agent } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

const LENGTH = 16_000
const HOSTILE = [
  'a',
  'a ',
  'a=',
  'a,',
  ', ',
  'a="',
  'a="\\',
  '\\"',
  '"',
  '= ',
  ' \t',
  'Bearer ',
  'a=b ',
  'a=b,',
  'a b=',
]

test('hostile challenges are read in no time, and every request gets its answer [R20]', async () => {
  const issuer = await loopback(mints())
  let challenge = ''
  const dispatch = bearer(tokensFrom(issuer), { origins: ['https://api.test'] })((_options, handler) => {
    const controller = { pause() {}, resume() {}, abort() {}, aborted: false, paused: false, reason: null }
    handler.onRequestStart?.(controller, {})
    handler.onResponseStart?.(controller, 401, { 'www-authenticate': challenge }, '')
    handler.onResponseEnd?.(controller, {})
    return true
  })
  let answered = 0
  for (let round = 0; round < 20; round++) {
    for (const part of HOSTILE) {
      challenge = (round % 2 ? 'Bearer ' : '') + part.repeat(LENGTH / part.length)
      await new Promise<void>((resolve) => {
        dispatch(
          { origin: 'https://api.test', path: '/', method: 'GET' },
          { onResponseStart: () => (answered += 1), onResponseEnd: () => resolve(), onResponseError: () => resolve() },
        )
      })
    }
  }
  expect(answered).toBe(20 * HOSTILE.length)
}, 15_000)

test.each(HOSTILE)('an API that answers 401 with %j over and over', async (part) => {
  const issuer = await loopback(mints())
  const things = await loopback(
    (_incoming, outgoing) =>
      void outgoing.writeHead(401, { 'www-authenticate': part.repeat(15_000 / part.length).trim() }).end('no'),
  )
  const dispatcher = agent(bearer(tokensFrom(issuer), { origins: [things.origin] }))
  const { statusCode, body } = await dispatcher.request({ origin: things.origin, path: '/', method: 'GET' })
  expect([statusCode, await body.text()]).toEqual([401, 'no'])
})

/**
 * A path that comes from data and begins with two slashes, or is a whole URL, names another host, and the request goes
 * there with its credentials: undici before 5.8.2 (CVE-2022-35949), axios twice (CVE-2024-39338, CVE-2025-27152).
 *
 * With everbearer the token goes where the connection goes: the origin that was compared is the origin that is dialled.
 */
import { expect, test } from '@jest/globals'
import { bearer, createFetch } from '../../src/index.js'
import { agent, builtInFetch } from '../http/agents.js'
import { loopback } from '../http/loopback.js'
import type { Loopback } from '../http/loopback.js'
import { mints, tokensFrom } from './issuer.js'

const PATHS: [name: string, path: (evil: Loopback) => string][] = [
  ['//host', ({ port }) => `//127.0.0.1:${port}/x`],
  ['///host', ({ port }) => `///127.0.0.1:${port}/x`],
  ['/\\host', ({ port }) => `/\\127.0.0.1:${port}/x`],
  ['/@host', ({ port }) => `/@127.0.0.1:${port}/x`],
  ['/../..//host', ({ port }) => `/../..//127.0.0.1:${port}/x`],
  ['a whole URL', ({ origin }) => `${origin}/x`],
]

test.each(PATHS)('a dispatch with the path %s stays on its origin [R41]', async (_name, path) => {
  const [issuer, things, evil] = [await loopback(mints()), await loopback(), await loopback()]
  const dispatcher = agent(bearer(tokensFrom(issuer), { origins: [things.origin] }))
  // What undici itself refuses is not sent at all.
  await dispatcher.request({ origin: things.origin, path: path(evil), method: 'GET' }).catch(() => undefined)
  expect(evil.hits).toEqual([])
  for (const token of things.tokens()) expect(token).toBe('token-1')
})

test.each(PATHS)('a URL resolved from the path %s has the token only where it is listed', async (_name, path) => {
  const [issuer, things, evil] = [await loopback(mints()), await loopback(), await loopback()]
  const tokens = tokensFrom(issuer)
  const origins = [things.origin]
  const url = new URL(path(evil), things.origin)
  for (const fetch of [
    createFetch(tokens, { origins, unlisted: 'pass' }),
    builtInFetch(agent(bearer(tokens, { origins }))),
  ]) {
    await fetch(url)
    await fetch(String(url))
  }
  expect(things.hits.length + evil.hits.length).toBe(4)
  expect(evil.hits.flatMap(({ authorization }) => authorization)).toEqual([])
  for (const token of things.tokens()) expect(token).toBe('token-1')
})

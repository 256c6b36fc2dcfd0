/**
 * Two callers ask at the same moment, the in-flight request is looked up by half of what makes them different, and one is
 * handed the other's token: CVE-2025-26620 (Duende.AccessTokenManagement), GHSA-7mr7-4f54-vcx5, CVE-2026-40155
 * (nextjs-auth0), lelylan/simple-oauth2#88, and again DuendeSoftware/foss#360.
 *
 * In everbearer a flight belongs to one manager and a manager to one grant. There is no map between managers that could
 * mix them up, whatever they have in common.
 */
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { bearer, createFetch } from '../../src/index.js'
import type { ClientCredentialsOptions } from '../../src/index.js'
import { json } from '../grants/authorization-server.js'
import { agent } from '../http/agents.js'
import { loopback, read } from '../http/loopback.js'
import type { Hit, Listener } from '../http/loopback.js'
import { formOf, tokensFrom, together } from './issuer.js'

/** Everything that a token request can differ in, as a token: whoever presents it can be told by it. */
function nameOf({ path, headers }: Hit, form: Record<string, string>): string {
  const credentials = Buffer.from(headers.authorization?.slice('Basic '.length) ?? '', 'base64')
  return Buffer.from(JSON.stringify([path, String(credentials), form])).toString('hex')
}

/** Slow, so that all flights are under way together, and the later ones land first. */
function personal(): Listener {
  let arrived = 0
  return async (incoming, outgoing, hit) => {
    hit.body = await read(incoming)
    const wait = 40 - arrived++
    setTimeout(() => {
      json(outgoing, 200, { access_token: nameOf(hit, formOf(hit.body)), token_type: 'Bearer', expires_in: 3600 })
    }, wait)
  }
}

/** Callers who are alike but for one thing, and the separators that a key made by joining would trip over. */
const CALLERS: Partial<ClientCredentialsOptions>[] = [
  {},
  { clientId: 'id2' },
  { clientSecret: 'secret2' },
  { scope: 'a' },
  { scope: 'a b' },
  { scope: 'a,b' },
  { scope: 'A' },
  { audience: 'a' },
  { audience: 'a b' },
  { resource: 'https://a.test' },
  { resource: ['https://a.test', 'https://b.test'] },
  { parameters: { tenant: 'a' } },
  { parameters: { tenant: 'b' } },
  { parameters: { subject: 'a' } },
  { clientAuthentication: 'client_secret_post' },
]

test('callers that differ in one thing, all at once, each get and send their own token [R02]', async () => {
  const issuer = await loopback(personal())
  const things = await loopback()
  const shared = agent()
  const people = CALLERS.map((options) => {
    const tokens = tokensFrom(issuer, options)
    const origins = [things.origin]
    return { dispatcher: shared.compose(bearer(tokens, { origins })), fetch: createFetch(tokens, { origins }) }
  })
  await together(CALLERS.length * 6, async (i) => {
    const person = i % CALLERS.length
    const url = `${things.origin}/${person}`
    if (i < CALLERS.length * 3) await request(url, { dispatcher: people[person]!.dispatcher })
    else await people[person]!.fetch(url)
  })

  const tokensByPerson = new Map<string, Set<string>>()
  things.tokens().forEach((token, i) => {
    const { path } = things.hits[i]!
    tokensByPerson.set(path, (tokensByPerson.get(path) ?? new Set()).add(token))
  })
  const tokens = [...tokensByPerson.values()].flatMap((own) => [...own])
  expect(tokensByPerson.size).toBe(CALLERS.length)
  expect(tokens).toHaveLength(CALLERS.length) // one each
  expect(new Set(tokens).size).toBe(CALLERS.length) // and nobody else's
  expect(issuer.hits).toHaveLength(CALLERS.length)
  for (const [path, [token]] of tokensByPerson) {
    const { scope, audience, parameters } = CALLERS[Number(path.slice(1))]!
    const [, , form] = JSON.parse(Buffer.from(token!, 'hex').toString()) as [string, string, Record<string, string>]
    expect(form).toMatchObject({ ...(scope ? { scope } : {}), ...(audience ? { audience } : {}), ...parameters })
  }
})

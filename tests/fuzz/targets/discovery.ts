import assert from 'node:assert/strict'

import { parseApiDomains } from '../../../src/cxone/api-domains.js'
import { readApiEndpoint } from '../../../src/cxone/api-location.js'
import { readTokenEndpoint } from '../../../src/cxone/openid-configuration.js'
import { parseJsonObject } from '../../../src/protocol/json.js'
import { readJwtClaims } from '../../../src/cxone/cxone-grant.js'
import { assertPrintable, outcome, target } from '../target.js'
import { hostile, jsonObject, member } from '../texts.js'

const ISSUER = 'https://login.example.com'
const DOMAINS = parseApiDomains(['example.com'])
/** Where the API may be. */
const PLACES = /(^|\.)(niceincontact\.com|nice-incontact\.com|nicecxone-sov1\.(au|eu)|example\.com)$/
const LOOPBACK = /^(localhost|\[::1\]|127\.)/

const urls = [
  ISSUER,
  'https://api-na1.niceincontact.com',
  'https://evilniceincontact.com',
  `${ISSUER}/`,
  'https://evil.test/token',
  'http://evil.test/token',
  'http://127.0.0.1:8080',
  'https://me:cAnArY-5eCrEt@evil.test/',
  'https://api.example.com/?client_secret=cAnArY-5eCrEt#cAnArY-5eCrEt',
  'data:text/html,cAnArY-5eCrEt',
]
const url = member(
  ...urls.map((text) => JSON.stringify(text)),
  hostile(...urls).map((text) => JSON.stringify(text)),
)
const odd = { ['__proto__']: url, constructor: url }
const configurations = hostile(jsonObject({ issuer: url, token_endpoint: url, ...odd }))
const tenants = hostile(jsonObject({ api_endpoint: url, ...odd }))

/** As a place is read that a document names: nowhere but over https, or on this machine. */
function place(read: (members: Record<string, unknown>) => URL | string, text: string): URL | undefined {
  const members = parseJsonObject(text)
  if (members === undefined) return undefined
  const { value, error } = outcome(() => read(members), ['discovery_failed'])
  if (error) assertPrintable(error.message, 1_000)
  if (value === undefined) return undefined
  const found = new URL(value)
  assert.ok(found.protocol === 'https:' || (found.protocol === 'http:' && LOOPBACK.test(found.hostname)), found.href)
  assert.equal(found.username + found.password + found.hash, '')
  return found
}

const encoded = hostile(jsonObject({ tenantId: member('"11ebf8a8"'), ...odd })).map((claims) =>
  Buffer.from(claims).toString('base64url'),
)

export const DISCOVERY = [
  target<string>({
    name: 'openid-configuration',
    inputs: configurations,
    check(text) {
      const found = place((members) => readTokenEndpoint(members, { issuer: ISSUER, endpointOrigins: new Set() }), text)
      if (found === undefined) return
      const raw = parseJsonObject(text)!
      assert.equal(found.href, new URL(String(raw['token_endpoint'])).href)
      assert.ok([ISSUER, `${ISSUER}/`].includes(raw['issuer'] as never), 'another issuer was believed')
      assert.equal(found.origin, ISSUER)
    },
    read: (text) =>
      outcome(
        () =>
          readTokenEndpoint({ issuer: ISSUER, token_endpoint: text }, { issuer: ISSUER, endpointOrigins: new Set() }),
        ['discovery_failed'],
      ),
    openings: ['', 'https://', 'https://a/'],
  }),
  target<string>({
    name: 'cxone-configuration',
    inputs: tenants,
    check(text) {
      const found = place((members) => readApiEndpoint(members, ISSUER, DOMAINS), text)
      if (found === undefined) return
      assert.equal(`${found.origin}/`, new URL(String(parseJsonObject(text)!['api_endpoint'])).href)
      assert.match(found.hostname, PLACES)
    },
  }),
  target<string>({
    name: 'jwt-claims',
    inputs: hostile(
      encoded.map((claims) => `e30.${claims}.s`),
      'a.b.c',
      'e30.e30.',
    ),
    check(token) {
      const claims = readJwtClaims(token)
      const [, middle = '', ...rest] = token.split('.')
      const json = Buffer.from(middle, 'base64url').toString()
      assert.deepEqual(claims, rest.length === 1 ? parseJsonObject(json) : undefined)
      if (claims) assert.equal(Object.getPrototypeOf(claims), null)
    },
    read: readJwtClaims,
    openings: ['', '.', 'e30.', 'e30.e30.'],
  }),
]

import assert from 'node:assert/strict'

import fc from 'fast-check'

import { credentialsFromEnvironment } from '../../../src/genesys/environment.js'
import { genesysError, isGenesysTokenRejected } from '../../../src/genesys/genesys-error.js'
import { formatInterval, parseInterval } from '../../../src/platform/interval.js'
import { GENESYS_REGIONS, regionUrls } from '../../../src/genesys/regions.js'
import { parseOrigin } from '../../../src/protocol/url.js'
import { assertPrintable, CANARY, outcome, target } from '../target.js'
import { hostile, jsonObject, junk, member } from '../texts.js'

const regions = hostile(
  ...Object.entries(GENESYS_REGIONS).flat(),
  'us_east_1',
  'https://login.mypurecloud.com',
  'api.mypurecloud.de',
  'constructor',
)

const instant = fc.integer({ min: -1e14, max: 1e14 }).map((time) => new Date(time).toISOString())
const intervals = hostile(
  fc.tuple(instant, instant).map((pair) => pair.join('/')),
  '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z',
  '2026-01-01T00:00+01:00/2026-01-01T00:00-01:00',
  '2026-02-30T00:00:00Z/2026-03-01T00:00:00Z',
)

const errorBodies = jsonObject({
  code: member('"missing.permissions"', '"bad.credentials"', '"ip.not.authorized"', '"constructor"'),
  message: member(
    '"Unable to perform the requested action. You are missing: [users:read:all, a:b:*]"',
    '"\\u001b[2Jx"',
  ),
  contextId: member('"4b6a"', '""'),
  status: member('400'),
})

const variables = ['CLIENT_ID', 'CLIENT_SECRET', 'REGION', 'LOGIN_URL', 'API_URL'].map((name) => `GENESYS_${name}`)
const toolVariables = ['OAUTHCLIENT_ID', 'OAUTHCLIENT_SECRET', 'REGION'].map((name) => `GENESYSCLOUD_${name}`)
const environments = fc.dictionary(
  fc.constantFrom(...variables, ...toolVariables, '__proto__', 'PATH'),
  fc.oneof(fc.constantFrom('', ' ', CANARY, 'id'), junk),
  { noNullPrototype: true },
)

export const GENESYS = [
  target<string>({
    name: 'genesys-region',
    inputs: regions,
    check(text) {
      const { value } = outcome(() => regionUrls(text), ['invalid_option'])
      if (value === undefined) return
      const domain = value.loginUrl.slice('https://login.'.length)
      assert.equal(value.apiUrl, `https://api.${domain}`)
      for (const url of Object.values(value)) assert.equal(parseOrigin(url, 'url'), url)
      // Whatever stands for it, it is the domain that was named or one of the table.
      const known: readonly string[] = Object.values(GENESYS_REGIONS)
      assert.ok(known.includes(domain) || domain === text.trim().toLowerCase())
    },
    read: regionUrls,
    openings: ['', 'a', 'a.', 'https://login.'],
  }),
  target<string>({
    name: 'genesys-interval',
    inputs: intervals,
    check(text) {
      const { value } = outcome(() => parseInterval(text), ['invalid_interval'])
      if (value === undefined) return
      assert.ok(value.start < value.end)
      assert.deepEqual(parseInterval(formatInterval(value)), value)
      const [start = '', end = ''] = text.split('/')
      assert.deepEqual(value, { start: Date.parse(start), end: Date.parse(end) })
      // A day that does not exist is not another day.
      if (start.endsWith('Z')) assert.equal(new Date(value.start).getUTCDate(), Number(start.slice(8, 10)))
    },
    read: parseInterval,
    openings: ['', '2026-01-01T00:00:00.', '2026-01-01T00:00:00Z/'],
  }),
  target<[status: number, text: string, header: string]>({
    name: 'genesys-error',
    inputs: fc.tuple(
      fc.integer({ min: 400, max: 599 }),
      hostile(errorBodies, '<html>502</html>'),
      hostile('120', 'abc'),
    ),
    check([status, text, header]) {
      const headers = { 'inin-correlation-id': header, 'retry-after': header }
      const error = genesysError({ status, headers, text }, 'GET /api/v2/users', 0)
      assert.match(error.code, /^api_/)
      assert.equal(error.status, status)
      assertPrintable(error.message, 3_000)
      for (const permission of error.missingPermissions) assert.match(permission, /^\w+:\w+:(\w+|\*)$/)
      assert.ok(error.retryAfter === undefined || (error.retryAfter >= 0 && Number.isFinite(error.retryAfter)))
      assert.equal(typeof isGenesysTokenRejected(headers, text), 'boolean')
    },
    read: (text) => genesysError({ status: 400, headers: {}, text }, 'GET /', 0),
    openings: ['', '{"code":"missing.permissions","message":"', '{"message":"'],
  }),
  target<Record<string, string>>({
    name: 'genesys-environment',
    inputs: environments,
    check(env) {
      const { value } = outcome(() => credentialsFromEnvironment(env), ['missing_environment'])
      if (value === undefined) return
      for (const text of Object.values(value as Record<string, string>)) {
        assert.ok(text.trim() !== '' && Object.values(env).includes(text))
      }
    },
  }),
]

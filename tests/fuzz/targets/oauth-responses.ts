import assert from 'node:assert/strict'
import { inspect } from 'node:util'

import fc from 'fast-check'

import { MAX_DELTA } from '../../../src/protocol/delta-seconds.js'
import { describeErrorResponse, tokenErrorFrom } from '../../../src/protocol/error-response.js'
import { parseTokenResponse } from '../../../src/protocol/token-response.js'
import type { TokenResponse } from '../../../src/protocol/token-response.js'
import { assertPrintable, assertSilent, CANARY, outcome, target } from '../target.js'
import { anyJson, hostile, jsonObject, junk, member } from '../texts.js'

const hide = (text: string) => text.replaceAll(CANARY, '[redacted]')

const lifetimes = [
  ...['3600', '0', '-1', '"3600"', '"3600abc"', '1.5', '1e400', '9e15', '"NaN"', 'true', '[3600]', '{}', 'null'],
  ...['"1e9"', '"0x10"', '" 60"', '"-0"', '2147483.647', '2147483648', '1e308', '"00060"', '1E2', '"٣"'],
]

const tokenResponses = jsonObject({
  access_token: member(
    `"${CANARY}"`,
    '"mF_9.B5f-4.1JqM=="',
    '"a b"',
    '"a\\r\\nx: y"',
    '"é"',
    junk.map((text) => JSON.stringify(text)),
  ),
  token_type: member('"Bearer"', '"BEARER"', '"bEaReR"', '"mac"', '"DPoP"', '"bearer "', '"N_A"'),
  expires_in: member(
    fc.constantFrom(...lifetimes),
    fc.double().map((value) => JSON.stringify(value)),
  ),
  scope: member('"a b"', '" a  b "', '""'),
  refresh_token: member(`"${CANARY}"`, '""'),
  id_token: member(`"${CANARY}.${CANARY}"`, 'null'),
})
const errorMembers = {
  error: member('"invalid_client"', '"invalid_request"', '"temporarily_unavailable"', `"${CANARY}"`, '"a\\"b"', 'null'),
  error_description: member(
    `"the secret ${CANARY} is wrong"`,
    '"\\u001b[31mred"',
    '"rate limit exceeded"',
    `"cAnArY\\u001b[0m-5eCrEt"`,
  ),
  description: member(`"${CANARY}"`, '"authentication failed"'),
}
const oddMembers = {
  ['__proto__']: member('{"access_token":"x","error":"x"}'),
  constructor: anyJson,
  toString: anyJson,
}
const oddResponses = jsonObject({
  access_token: fc.constant('"t"'),
  token_type: fc.constant('"Bearer"'),
  ...errorMembers,
  ...oddMembers,
})

const CODES = ['token_response_invalid', 'token_malformed', 'token_denied', 'token_endpoint_failed'] as const

function assertTokenResponse(response: TokenResponse, text: string): void {
  const raw = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>
  const own = (name: string) => (Object.hasOwn(raw, name) ? raw[name] : undefined)
  assert.equal(response.accessToken, own('access_token'))
  assert.match(response.accessToken, /^[A-Za-z0-9._~+/!#$%&'*^`|-]+=*$/)
  assert.equal(response.tokenType, 'Bearer')
  assert.ok(!['dpop', 'pop', 'mac', 'hawk', 'n_a'].includes(String(own('token_type')).toLowerCase()))
  assert.equal(own('error') ?? undefined, undefined, 'an answer with an error was taken for a token')
  assert.equal(response.lifetime === undefined ? undefined : response.lifetime + 0, lifetimeOf(own('expires_in')))
  assert.deepEqual(
    response.scope,
    own('scope') == null ? undefined : ([own('scope')].flat().join(' ').match(/[^ ]+/g) ?? []),
  )
  assert.equal(response.refreshToken ?? '', own('refresh_token') ?? '')
  assert.equal(response.idToken ?? '', own('id_token') ?? '')
  assert.equal(Object.getPrototypeOf(response.parameters), null)
  assert.ok(Object.isFrozen(response.parameters))
  const read = ['access_token', 'token_type', 'expires_in', 'scope', 'refresh_token', 'id_token', 'error', '__proto__']
  assert.deepEqual(
    Object.keys(response.parameters).sort(),
    Object.keys(raw)
      .filter((name) => !read.includes(name))
      .sort(),
  )
}

/** RFC 6749 appendix A.14, done with whole numbers of any size, and what servers send in its place. */
function lifetimeOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  let whole: bigint
  if (typeof value === 'string') {
    const parts = value.trim().split('.')
    const isDigits = (part: string) => part !== '' && [...part].every((digit) => digit >= '0' && digit <= '9')
    if (parts.length > 2 || !parts.every(isDigits)) return undefined
    whole = BigInt(parts[0]!)
  } else {
    assert.ok(typeof value === 'number' && Number.isFinite(value) && value >= 0, 'took a lifetime that is none')
    whole = BigInt(Math.floor(value))
  }
  const milliseconds = whole * 1_000n
  return milliseconds > BigInt(MAX_DELTA) ? MAX_DELTA : Number(milliseconds)
}

const POLLUTION: Readonly<Record<string, unknown>> = {
  access_token: 'polluted',
  token_type: 'Bearer',
  expires_in: 1,
  scope: 'polluted',
  refresh_token: 'polluted',
  id_token: 'polluted',
  error: 'invalid_grant',
  error_description: 'polluted',
  toJSON: () => 'polluted',
}

/** What a call comes to while every object seems to have these members. */
function polluted(call: () => unknown): unknown {
  for (const [name, value] of Object.entries(POLLUTION)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
  }
  try {
    return call()
  } finally {
    for (const name of Object.keys(POLLUTION)) delete (Object.prototype as unknown as Record<string, unknown>)[name]
  }
}

function told(text: string): string {
  try {
    const response = parseTokenResponse(text, { hide })
    return inspect({ ...response }, { depth: 3 })
  } catch (error) {
    return String(error)
  }
}

const FORM = 'application/x-www-form-urlencoded'
const formResponses = hostile(
  fc
    .record(
      {
        access_token: fc.constantFrom('mF_9.B5f-4.1JqM==', CANARY, 'a b', ''),
        token_type: fc.constantFrom('bearer', 'mac'),
        expires_in: fc.constantFrom('3600', '0', '1.5', ''),
        scope: fc.constantFrom('a b', ''),
        refresh_token: fc.constantFrom(CANARY, ''),
        error: fc.constantFrom('bad_verification_code', CANARY),
        ['__proto__']: junk,
      },
      { requiredKeys: ['access_token', 'token_type'], noNullPrototype: true },
    )
    .map((members) => new URLSearchParams(members).toString()),
  'access_token=a&token_type=bearer&access_token=b',
)

const responses = hostile(tokenResponses, oddResponses)
const statuses = fc.oneof(
  fc.constantFrom(200, 400, 401, 403, 404, 408, 425, 429, 500, 502, 503),
  fc.integer({ min: 100, max: 999 }),
)
const errorResponses = hostile(
  jsonObject(errorMembers),
  jsonObject({ ...errorMembers, ...oddMembers }),
  `error=invalid_client&error_description=wrong+${CANARY}`,
  `<html><body>${CANARY}</body></html>`,
)

export const OAUTH_ANSWERS = [
  target<string>({
    name: 'token-answer',
    share: 3,
    inputs: responses,
    check(text) {
      const { value } = outcome(() => parseTokenResponse(text, { hide }), CODES)
      if (value) assertTokenResponse(value, text)
    },
    read: (text) => parseTokenResponse(text, { hide }),
    openings: [
      '',
      '{"access_token":"',
      '{"access_token":"a","token_type":"Bearer","scope":"',
      '{"error":"x","error_description":"',
    ],
  }),
  target<string>({
    name: 'token-answer-form',
    share: 1,
    inputs: formResponses,
    check(text) {
      const { value } = outcome(() => parseTokenResponse(text, { type: FORM, hide }), CODES)
      if (value) assertTokenResponse(value, JSON.stringify(Object.fromEntries(new URLSearchParams(text))))
    },
    read: (text) => parseTokenResponse(text, { type: FORM, hide }),
    openings: ['', 'access_token=', 'access_token=a&token_type=Bearer&scope=', 'error=x&error_description='],
  }),
  target<string>({
    name: 'token-answer-polluted',
    share: 0.2,
    inputs: responses,
    check(text) {
      const clean = told(text)
      assert.equal(
        polluted(() => told(text)),
        clean,
      )
    },
  }),
  target<[status: number, text: string]>({
    name: 'error-answer',
    share: 2,
    inputs: fc.tuple(statuses, errorResponses),
    check([status, text]) {
      const error = tokenErrorFrom(status, text, undefined, hide)
      assertSilent(error)
      assert.ok(['token_denied', 'token_endpoint_failed'].includes(error.code))
      assert.equal(error.status, status)
      assert.ok(!(error.code === 'token_denied' && error.retryable), 'a refusal that may go away')
      if (status >= 500 || status === 429) assert.ok(error.retryable, `${status} is not said to be transient`)
      assertPrintable(error.message, 1_000)
      if (error.error !== undefined) assert.match(error.error, /^[ !#-[\]-~]{1,150}$/)
      // A secret of one character would make it longer: [redacted] stands in its place.
      if (error.errorDescription !== undefined) assertPrintable(error.errorDescription, 330)
      const { retryable, ...words } = describeErrorResponse(status, text, hide)
      assert.equal(retryable, error.retryable)
      assert.deepEqual(words, { error: error.error, errorDescription: error.errorDescription })
    },
    read: (text) => tokenErrorFrom(400, text, undefined, hide),
    openings: [
      '',
      '{"error":"',
      '{"error":"invalid_client","error_description":"',
      'error=',
      'error=invalid_client&error_description=',
    ],
  }),
]

import { describe, expect, test } from '@jest/globals'
import { genesysError, isGenesysTokenRejected } from '../../src/genesys/genesys-error.js'

const WHAT = 'GET /api/v2/users'
const NOW = Date.UTC(2026, 0, 1)

function errorFor(status: number, body: unknown, headers: Record<string, string> = {}) {
  return genesysError({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, WHAT, NOW)
}

describe("an error tells Genesys' own words", () => {
  test('its code, its message, its correlation id', () => {
    const error = errorFor(400, { code: 'bad.request', message: 'No.', status: 400, contextId: 'c-1' })
    expect(error).toMatchObject({
      code: 'api_bad_request',
      status: 400,
      platformCode: 'bad.request',
      correlationId: 'c-1',
    })
    expect(error.message).toBe(
      'Genesys Cloud answered 400 to GET /api/v2/users: bad.request (No.). Correlation id: c-1.',
    )
  })

  test("with the header's correlation id before the body's", () => {
    expect(errorFor(404, { contextId: 'body' }, { 'inin-correlation-id': 'header' })).toMatchObject({
      code: 'api_not_found',
      correlationId: 'header',
    })
    expect(errorFor(404, { contextId: 'body' })).toHaveProperty('correlationId', 'body')
    expect(errorFor(404, {})).not.toHaveProperty('correlationId')
  })

  test.each([
    ['HTML', '<html><body>canary</body></html>'],
    ['nothing', ''],
    ['half of it', '{"code":"canary'],
    ['an array', '["canary"]'],
    ['other types', { code: 7, message: ['canary'], contextId: {} }],
  ])('not at all when the answer is %s', (_what, body) => {
    const error = errorFor(502, body)
    expect(error).toMatchObject({ code: 'api_server_error', status: 502, retryable: true, missingPermissions: [] })
    expect(error).not.toHaveProperty('platformCode')
    expect(error.message).toBe('Genesys Cloud answered 502 to GET /api/v2/users: no code (no message).')
  })

  test('on one line, without escape sequences, of a bearable length', () => {
    const error = errorFor(400, { code: 'x\u001b[31m\ny', message: `two\r\nlines ${'x'.repeat(5_000)}` })
    expect(error.message).not.toMatch(/[\p{Cc}]/u)
    expect(error.message.length).toBeLessThan(700)
    expect(error.platformCode).toBe('x y')
  })
})

describe('what to check first', () => {
  test.each([
    [401, 'bad.credentials', /loginUrl and apiUrl are of one region/],
    [401, 'credentials.expired', /one region/],
    [401, 'authentication.required', /proxy that drops headers/],
    [401, 'ip.not.authorized', /IP addresses.*a new token does not help/],
    [403, 'not.authorized', /roles of the OAuth client.*divisions/],
    [400, 'response.entity.too.large', /smaller pageSize/],
  ])('%i %s', (status, code, advice) => {
    expect(errorFor(status, { code, message: 'm' }).message).toMatch(advice)
  })

  test.each([
    ['missing.permissions', 'You are missing the following permission(s): ', ['analytics:conversationDetail:view']],
    ['missing.any.permissions', 'at least one of the following permissions assigned: ', ['a:b:c', 'routing:queue:*']],
    ['missing.division.permissions', 'Missing: ', ['routing:queue:view', 'directory:user:add']],
  ])('%s: the names of the permissions', (code, before, names) => {
    const error = errorFor(403, { code, message: before + names.join(', ') })
    expect(error).toMatchObject({ code: 'api_forbidden', retryable: false, missingPermissions: names })
    expect(error.message).toMatch(/Give a role with it to the OAuth client/)
    for (const name of names) expect(error.message).toContain(name)
  })

  test('permissions beyond what a message shows are named whole', () => {
    const names = Array.from({ length: 40 }, (_, index) => `analytics:conversationDetail${index}:view`)
    const error = errorFor(403, { code: 'missing.any.permissions', message: `At least one of: ${names.join(', ')}` })
    expect(error.missingPermissions).toEqual(names)
  })

  test('no names, no such advice', () => {
    const error = errorFor(403, { code: 'missing.permissions', message: 'Some at 12:30:45.' })
    expect(error.missingPermissions).toEqual([])
    expect(error.message).not.toContain('Give a role')
    expect(errorFor(403, { code: 'missing.permissions', message: ['a:b:c'] }).missingPermissions).toEqual([])
  })

  test('what looks like a permission in another error is none', () => {
    expect(errorFor(400, { code: 'bad.request', message: 'a:b:c' }).missingPermissions).toEqual([])
  })

  test('a message of millions of letters takes no time', () => {
    const started = process.hrtime.bigint()
    errorFor(403, { code: 'missing.permissions', message: 'a'.repeat(5_000_000) })
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(500)
  })
})

describe('whether to try again', () => {
  test.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [408, false],
    [413, false],
    [429, true],
    [500, false],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
  ])('%i: %p', (status, retryable) => {
    expect(errorFor(status, {})).toMatchObject({ status, retryable })
  })

  test('Retry-After is told in milliseconds', () => {
    expect(errorFor(429, {}, { 'retry-after': '42' })).toMatchObject({ code: 'api_rate_limited', retryAfter: 42_000 })
    expect(errorFor(429, {}, { 'retry-after': 'soon' })).not.toHaveProperty('retryAfter')
    expect(errorFor(503, {})).not.toHaveProperty('retryAfter')
  })
})

test('every 401 is worth a new token but the one for an address', () => {
  expect(isGenesysTokenRejected({}, '{"code":"ip.not.authorized"}')).toBe(false)
  for (const body of ['{"code":"bad.credentials"}', '{"code":"authentication.required"}', '{}', '', '<html>', 'null']) {
    expect(isGenesysTokenRejected({}, body)).toBe(true)
  }
})

import { describe, expect, test } from '@jest/globals'
import { cxoneError } from '../../src/cxone/cxone-error.js'

const WHAT = 'GET /incontactapi/services/v34.0/agents'
const NOW = Date.UTC(2026, 0, 1)

function errorFor(status: number, body: unknown, headers: Record<string, string | string[]> = {}, what = WHAT) {
  return cxoneError({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, what, NOW)
}

const said = (...words: string[]) => `NICE CXone answered 400 to ${WHAT}: ${words.join(' ')}.`

describe("an error tells NICE's own words", () => {
  test.each<[string, object, string, string]>([
    [
      'of the ACD APIs',
      { error: 'invalid_request', error_description: 'The date is no date.' },
      'invalid_request',
      '(The date is no date.)',
    ],
    [
      'of the user APIs',
      { code: 'UH-1', details: 'No such field.', hostname: 'h', entityType: 'USER', errors: {} },
      'UH-1',
      '(No such field.)',
    ],
    [
      'of the user APIs, with what is wrong with each field',
      { code: 'UH-2', details: 'Invalid.', errors: { emailAddress: ['is none'] } },
      'UH-2',
      '(Invalid.; {"emailAddress":["is none"]})',
    ],
    [
      'of what stands before those',
      { timestamp: '2026-01-01T00:00:00Z', status: 400, error: 'Bad Request', message: 'No.', path: '/x' },
      'Bad Request',
      '(No.)',
    ],
  ])('%s', (_what, body, platformCode, words) => {
    const error = errorFor(400, body)
    expect(error).toMatchObject({ code: 'api_bad_request', status: 400, platformCode, retryable: false })
    expect(error.message).toBe(said(platformCode, words))
  })

  const reason = { icstatusdescription: 'Invalid parameter: startDate' }

  test.each([
    ['nothing', ''],
    ['HTML', '<html><body>canary</body></html>'],
    ['half of it', '{"error":"canary'],
    ['an array', '["canary"]'],
    ['other types', { error: 7, error_description: ['canary'], errors: 'canary' }],
  ])('where a header alone says it, and the body is %s', (_what, body) => {
    expect(errorFor(400, body, reason).message).toBe(said('no code', '(Invalid parameter: startDate)'))
    expect(errorFor(400, body).message).toBe(said('no code', '(no message)'))
    expect(errorFor(400, body)).not.toHaveProperty('platformCode')
  })

  test('and those of that header beside those of the body, once where they are the same', () => {
    const body = { error: 'bad', error_description: 'No.' }
    expect(errorFor(400, body, reason).message).toBe(said('bad', '(No.; Invalid parameter: startDate)'))
    expect(errorFor(400, body, { icstatusdescription: 'No.' }).message).toBe(said('bad', '(No.)'))
    expect(errorFor(400, '', { icstatusdescription: ['One', 'two'] }).message).toBe(said('no code', '(One; two)'))
  })

  test('on one line, without escape sequences, of a bearable length', () => {
    const long = `two\r\nlines ${'x'.repeat(5_000)}`
    const body = { error: 'x\u001b[31m\ny', error_description: long, details: long, errors: { [long]: long } }
    const error = errorFor(400, body, { icstatusdescription: long })
    expect(error.message).not.toMatch(/[\p{Cc}]/u)
    expect(error.message.length).toBeLessThan(700)
    expect(error.platformCode).toBe('x y')
  })
})

describe('what to check first', () => {
  test.each([
    [401, WHAT, /access token, not the id token.*that of its tenant\.$/],
    [403, WHAT, /role of the access key's owner.*a new token does not help\.$/],
    [404, WHAT, /option `versions`; then the id/],
    [404, 'GET /user-management/v3/users/x', /option `versions`/],
  ])('%i to %s', (status, what, advice) => {
    expect(errorFor(status, {}, {}, what).message).toMatch(advice)
  })

  test.each([
    [400, WHAT],
    [404, 'GET /elsewhere'],
    [500, WHAT],
  ])('is not said without a reason: %i to %s', (status, what) => {
    expect(errorFor(status, {}, {}, what).message).toMatch(/\(no message\)\.$/)
  })
})

describe('whether to try again', () => {
  test.each([
    [400, false],
    [401, false],
    [404, false],
    [409, false],
    [429, true],
    [500, false],
    [502, true],
    [503, true],
    [504, true],
    [508, false],
    [509, true],
    [529, true],
  ])('%i: %p', (status, retryable) => {
    expect(errorFor(status, {})).toMatchObject({ status, retryable })
  })

  test.each([503, 509, 529])('%i, when it says: in milliseconds', (status) => {
    const headers = { 'retry-after': '42' }
    expect(errorFor(status, {}, headers)).toMatchObject({ code: 'api_server_error', retryAfter: 42_000 })
  })
})

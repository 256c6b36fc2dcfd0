import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TokenError } from '../../src/base/errors.js'
import { describeErrorResponse, tokenErrorFrom } from '../../src/protocol/error-response.js'
import { anyCharacter } from '../any-character.js'

const CANARY = 'S3CR3T-canary'

describe('describeErrorResponse [R19]', () => {
  it.each([
    ['{"error":"invalid_client"}', { error: 'invalid_client' }],
    ['\uFEFF {"error":"invalid_client"}\r\n', { error: 'invalid_client' }],
    [
      '{"error":"invalid_grant","error_description":"expired","error_uri":"https://a.test"}',
      { error: 'invalid_grant', errorDescription: 'expired' },
    ],
    // Genesys Cloud
    [
      '{"error":"invalid_client","description":"client not found","error_description":"client not found"}',
      { error: 'invalid_client', errorDescription: 'client not found' },
    ],
    ['{"error":"invalid_client","description":"no"}', { error: 'invalid_client', errorDescription: 'no' }],
    ['{"error":"a","error_description":"","description":"no"}', { error: 'a', errorDescription: 'no' }],
    ['{"error":"a","error_description":1,"description":"no"}', { error: 'a', errorDescription: 'no' }],
    // Form-encoded
    [
      'error=bad_verification_code&error_description=The+code+is+wrong%2E&error_uri=https%3A%2F%2Fa.test',
      { error: 'bad_verification_code', errorDescription: 'The code is wrong.' },
    ],
    ['error=invalid_client\n', { error: 'invalid_client' }],
    ['error=a&description=b', { error: 'a', errorDescription: 'b' }],
    // Prose, HTML and other JSON
    ['', {}],
    ['null', {}],
    ['[{"error":"invalid_client"}]', {}],
    ['"error=invalid_client"', {}],
    ['{"error":"invalid_client"', {}],
    ['<a href="/?x=1&error=invalid_client">', {}],
    ['<html><body>Bad Gateway</body></html>', {}],
    ['an error=invalid_client was met', {}],
    ['x=<b>&error=invalid_client', {}],
    ['upstream connect error', {}],
    ['\0\ud800\xff', {}],
    // Members of another kind
    ['{"error":{}}', {}],
    ['{"error":{"code":"a"},"error_description":["b"]}', {}],
    ['{"error":null,"error_description":null}', {}],
    ['{"error":400}', {}],
    ['{"error":""}', {}],
    ['{"error":"","error_description":"why"}', { errorDescription: 'why' }],
    ['{"message":"no such member"}', {}],
    ['{"__proto__":{"error":"invalid_client"}}', {}],
    ['error', {}],
    ['error=', {}],
  ])('reads %j', (text, expected) => {
    expect(describeErrorResponse(400, text)).toEqual({ ...expected, retryable: false })
  })

  it('accepts an error of up to 100 of the characters that the grammar gives it', () => {
    const read = (error: string) => describeErrorResponse(400, JSON.stringify({ error })).error
    const accepted = Array.from({ length: 0x200 }, (_, unit) => String.fromCharCode(unit)).filter((one) => read(one))
    expect(accepted.join('')).toBe(
      " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~",
    )
    expect(read('e'.repeat(100))).toBe('e'.repeat(100))
    expect(read('e'.repeat(101))).toBeUndefined()
    expect(read('invalid_client\n')).toBeUndefined()
  })

  it.each([
    ['a\r\nb', 'a b'],
    [' \ta  b ', 'a b'],
    ['a\0\u0007\u007f\u009fb', 'a b'],
    ['\u001b[31mred\u001b[0m alert', 'red alert'],
    ['\u001b]8;;https://evil.test\u0007link\u001b]8;;\u0007', 'link'],
    ['\u001b[2J\u001b[H', undefined],
    ['left \u202eright', 'left right'],
    ['one\u2028two\u2029three', 'one two three'],
    ['\ud800', undefined],
    ['naïve 😀 ключ', 'naïve 😀 ключ'],
    ['x'.repeat(301), 'x'.repeat(300)],
    ['x'.repeat(299) + '😀', 'x'.repeat(299)],
    ['x'.repeat(1_000_000), 'x'.repeat(300)],
    ['\u001b[31m'.repeat(50) + 'x', 'x'],
    // Looked for within the first 1,200 characters only
    ['\u001b[31m'.repeat(100_000) + 'x', undefined],
  ])('makes the description %.40j printable', (description, printable) => {
    const response = describeErrorResponse(400, JSON.stringify({ error_description: description }))
    expect(response.errorDescription).toBe(printable)
  })

  it.each([
    [408, '', true],
    [425, '', true],
    [429, '', true],
    [500, '', true],
    [502, '<html>', true],
    [503, '{"error":"invalid_client"}', true],
    [599, '', true],
    [200, '{"error":{}}', false],
    [302, '', false],
    [400, '', false],
    [401, '{"error":"invalid_client"}', false],
    [404, '', false],
    [499, '', false],
    [400, '{"error":"temporarily_unavailable"}', true],
    [400, '{"error":"server_error"}', true],
    [200, '{"error":"server_error"}', true],
    [400, '{"error":"invalid_request","description":"rate limit exceeded; try again in a second"}', true],
    [400, '{"error":"invalid_request","error_description":"Rate limit exceeded"}', true],
    [400, '{"error":"invalid_request","error_description":"missing parameter"}', false],
    [400, '{"error":"invalid_request"}', false],
    [400, '{"error":"invalid_client","error_description":"rate limit exceeded"}', false],
    [400, '{"error_description":"rate limit exceeded"}', true],
    [400, '{"error":"access_denied","error_description":"Rate limit exceeded: access_token not expired"}', true],
    [403, '{"error":{"code":"TooManyRequests","message":"slow"}}', true],
    [400, '{"message":"Request was throttled."}', true],
    [400, 'error=rate_limited', true],
    [400, '<html>rate limit exceeded</html>', false],
    [400, '{"error":"invalid_grant","error_description":"rate limit exceeded"}', false],
    [400, '{"error":"unauthorized_client","error_description":"rate limit exceeded"}', false],
    [400, '{"error":"unsupported_grant_type","error_description":"rate limit exceeded"}', false],
  ])('says of %d %s whether it can be repeated: %s', (status, text, retryable) => {
    expect(describeErrorResponse(status, text).retryable).toBe(retryable)
  })

  it.each([
    ['{"error":"access_denied"}', true],
    ['', true],
    ['{"error":"invalid_client"}', false],
    ['{"error":"invalid_grant"}', false],
    ['{"error":"unauthorized_client"}', false],
    ['{"error":"unsupported_grant_type"}', false],
  ])('says of 400 %s with a Retry-After whether it can be repeated: %s', (text, retryable) => {
    expect(describeErrorResponse(400, text, undefined, 1_000).retryable).toBe(retryable)
    expect(tokenErrorFrom(400, text, 0).retryable).toBe(retryable)
  })

  it('takes any status and any text', () => {
    const member = fc.oneof(fc.anything(), fc.string({ unit: anyCharacter }))
    const json = fc
      .record({ error: member, error_description: member, description: member }, { requiredKeys: [] })
      .map((members) => fc.stringify(members))
    const text = fc.oneof(fc.string({ unit: anyCharacter }), fc.json(), json, fc.webQueryParameters())
    fc.assert(
      fc.property(fc.nat(), text, (status, body) => {
        const { error = 'none', errorDescription = 'none' } = describeErrorResponse(status, body)
        expect(error).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/)
        expect(errorDescription).toMatch(/^[^\p{Cc}\p{Cs}\u2028\u2029]{1,300}$/u)
      }),
    )
  })
})

describe('tokenErrorFrom [R14] [R19]', () => {
  it('is token_denied for an error of the server that will stay', () => {
    const error = tokenErrorFrom(
      400,
      '{"error":"invalid_client","error_description":"authentication failed"}',
      undefined,
    )
    expect(error).toBeInstanceOf(TokenError)
    expect(Object.fromEntries(Object.entries(error))).toEqual({
      name: 'TokenError',
      code: 'token_denied',
      retryable: false,
      status: 400,
      error: 'invalid_client',
      errorDescription: 'authentication failed',
      requestSent: true,
    })
    expect(error.message).toBe(
      'The authorization server refused: invalid_client (authentication failed). ' +
        'Check the client id, its secret or key, and the clientAuthentication method.',
    )
  })

  it.each([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
    'invalid_target',
    'invalid_dpop_proof',
    'use_dpop_nonce',
    'access_denied',
  ])('gives advice of its own on %s', (code) => {
    const { message } = tokenErrorFrom(400, JSON.stringify({ error: code }), undefined)
    expect(message).toMatch(new RegExp(`^The authorization server refused: ${code}\\. \\w.+\\.$`))
    expect(message).not.toContain('documentation')
  })

  it.each(['something_else', 'constructor', '__proto__'])('sends readers of %s to the documentation', (code) => {
    expect(tokenErrorFrom(400, JSON.stringify({ error: code }), undefined).message).toBe(
      `The authorization server refused: ${code}. Look this error up in the documentation of the server.`,
    )
  })

  it.each([
    [503, '', 'answered 503 with no OAuth error. The same request may succeed later.', true],
    [429, '{"error":"slow_down"}', 'answered 429 with slow_down. The same request may succeed later.', true],
    [
      400,
      '{"error":"invalid_request","description":"rate limit exceeded; wait"}',
      'answered 400 with invalid_request (rate limit exceeded; wait). The same request may succeed later.',
      true,
    ],
    [404, '<html>', "answered 404 with no OAuth error. Check that the token endpoint's address is right", false],
    [200, '{"error":{}}', 'answered 200 with no OAuth error. Check', false],
    [403, '{"error_description":"blocked"}', 'answered 403 with no OAuth error (blocked). Check', false],
  ])('is token_endpoint_failed for %d %s', (status, text, message, retryable) => {
    const error = tokenErrorFrom(status, text, undefined)
    expect(error).toMatchObject({ code: 'token_endpoint_failed', status, retryable, requestSent: true })
    expect(error.message).toContain(`The token endpoint ${message}`)
  })

  it('passes on how long to wait', () => {
    expect(tokenErrorFrom(503, '', 42_000).retryAfter).toBe(42_000)
    expect(tokenErrorFrom(503, '', 0).retryAfter).toBe(0)
    expect(tokenErrorFrom(400, '{"error":"invalid_client"}', 5_000).retryAfter).toBe(5_000)
    expect(tokenErrorFrom(503, '', undefined).retryAfter).toBeUndefined()
  })

  it.each([
    `{"error":"invalid_grant","refresh_token":"${CANARY}"}`,
    `{"error":"${CANARY}\\u0000"}`,
    `{"error":{"message":"${CANARY}"}}`,
    `{"error":"invalid_grant","error_uri":"https://a.test/${CANARY}","access_token":"${CANARY}"}`,
    `error=invalid_grant&code=${CANARY}`,
    `${CANARY} is not JSON`,
    `<p>${CANARY}</p>`,
  ])('repeats nothing else of %s', (text) => {
    for (const status of [200, 400, 503]) {
      const error = tokenErrorFrom(status, text, undefined)
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(CANARY)
      expect(error.cause).toBeUndefined()
    }
  })

  it.each([
    ['in the code', { error: `bad_${CANARY}` }],
    ['in the description', { error: 'invalid_grant', error_description: `no ${CANARY} here` }],
    ['in Genesys’ description', { error: 'invalid_grant', description: CANARY }],
    ['where the description is cut', { error: 'x', error_description: `${'.'.repeat(295)}${CANARY}` }],
  ])('shows no secret that the server quotes %s', (_where, response) => {
    const hide = (quoted: string) => quoted.replaceAll(CANARY, '[redacted]')
    const error = tokenErrorFrom(400, JSON.stringify(response), undefined, hide)
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(CANARY.slice(0, 4))
  })

  it.each([
    ['more blanks', 'not two  words'],
    ['a line break', 'not two\n words'],
    ['an invisible character', 'not two\u200b\u00adwords'],
    ['a control character', 'not two\u0007words'],
    ['a sequence for a terminal', 'not two\u001b[31mwords'],
    ['a sequence of 8 bits for a terminal', 'not two\u009b31mwords'],
  ])('shows no secret that is whole only on one line, without %s', (_what, said) => {
    const hide = (quoted: string) => quoted.replaceAll('two words', '[redacted]')
    for (const name of ['error_description', 'description']) {
      const error = tokenErrorFrom(400, JSON.stringify({ error: 'invalid_client', [name]: said }), undefined, hide)
      expect(error.errorDescription).toBe('not [redacted]')
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain('two words')
    }
  })

  it.each(['c4n\u001b[0m4ry', 'c4n\u001b]8;;https://a.test\u00074ry', 'c4n\u009b0m4ry', 'c4n\u001bc4ry'])(
    'puts no secret together by taking out what stands between its halves: %j',
    (said) => {
      const { errorDescription } = describeErrorResponse(400, JSON.stringify({ error: 'x', error_description: said }))
      expect(errorDescription).toBe('c4n 4ry')
    },
  )

  it('knows a registered code of which a secret is a part', () => {
    const hide = (quoted: string) => quoted.replaceAll('client', '[redacted]')
    expect(tokenErrorFrom(400, '{"error":"invalid_client"}', undefined, hide).error).toBe('invalid_client')
    expect(tokenErrorFrom(400, '{"error":"server_error"}', undefined, () => '').error).toBe('server_error')
  })
})

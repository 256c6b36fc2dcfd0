import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { notedRefreshToken } from '../../src/base/received-refresh-token.js'
import { TokenError } from '../../src/base/errors.js'
import { parseTokenResponse } from '../../src/protocol/token-response.js'
import { thrownBy } from './thrown-by.js'
import { anyCharacter } from '../any-character.js'

const CANARY = 'S3CR3T-canary'
const response = (members: object = {}) => JSON.stringify({ access_token: 'abc', token_type: 'Bearer', ...members })
const refusal = (text: string) => thrownBy(() => parseTokenResponse(text), TokenError)

const UNNAMED = { lifetime: undefined, scope: undefined, refreshToken: undefined, idToken: undefined }

describe('parseTokenResponse [R16] [R17]', () => {
  it('reads the smallest answer, and has undefined for what it does not name', () => {
    expect(parseTokenResponse(response())).toStrictEqual({
      accessToken: 'abc',
      tokenType: 'Bearer',
      ...UNNAMED,
      parameters: Object.freeze(Object.create(null)),
    })
  })

  it('reads a full answer', () => {
    const text = response({
      access_token: 'mF_9.B5f-4.1JqM==',
      expires_in: 86_399,
      scope: 'read write',
      refresh_token: 'tGzv3JOkF0XG5Qx2TlKWIA £',
      id_token: 'a.b.c',
      example_parameter: { nested: [1] },
    })
    expect(parseTokenResponse(text)).toMatchObject({
      accessToken: 'mF_9.B5f-4.1JqM==',
      tokenType: 'Bearer',
      lifetime: 86_399_000,
      scope: ['read', 'write'],
      refreshToken: 'tGzv3JOkF0XG5Qx2TlKWIA £',
      idToken: 'a.b.c',
      parameters: { example_parameter: { nested: [1] } },
    })
  })

  it('takes null for absent', () => {
    const nothing = { expires_in: null, scope: null, refresh_token: null, id_token: null, error: null }
    expect(parseTokenResponse(response(nothing))).toEqual({ accessToken: 'abc', tokenType: 'Bearer', parameters: {} })
  })

  it.each(['', ' ', '\n'])('takes %j, which is empty, for a failure that may pass', (text) => {
    expect(refusal(text)).toMatchObject({ code: 'token_response_invalid', retryable: true })
  })

  it.each(['null', '[]', '"abc"', '42', 'access_token=abc&token_type=bearer', '<html>', `{"access_token":"${CANARY}"`])(
    'refuses %j, which is not a JSON object',
    (text) => {
      const error = refusal(text)
      expect(error).toMatchObject({ code: 'token_response_invalid', retryable: false })
      expect(error.message).toContain('is not a JSON object')
      expect(error.message).toContain('Expected JSON as in RFC 6749 section 5.1')
    },
  )

  describe('access_token', () => {
    it.each([[{}], [{ access_token: null }], [{ access_token: '' }]])('is required: %j', (members) => {
      const error = refusal(JSON.stringify({ token_type: 'Bearer', ...members }))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain('has no access_token')
    })

    it.each([1, true, [], ['abc'], {}])('cannot be %j', (value) => {
      const error = refusal(response({ access_token: value }))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain('has an access_token that is not a string')
    })

    it.each(['\r\nX: y', '\n', '\0', '\t', ' ', 'é', '€', '😀', '\u2028', '\ud800', '"', ',', '=x'])(
      'with %j in it is malformed, and not shown',
      (odd) => {
        const error = refusal(response({ access_token: `${CANARY}${odd}` }))
        expect(error).toMatchObject({ code: 'token_malformed', retryable: false })
        expect(error.message).toMatch(/characters that may not stand in an Authorization header\. Expected letters, /)
        expect(error.message).not.toContain(CANARY)
      },
    )

    it('may be long, and is never looked into', () => {
      const garbage = 'eyJhbGciOiJub25lIn0.eyJleHAiOjB9.'
      expect(parseTokenResponse(response({ access_token: garbage })).accessToken).toBe(garbage)
      const long = 'x'.repeat(2 ** 20)
      expect(parseTokenResponse(response({ access_token: long })).accessToken).toBe(long)
    })
  })

  describe('token_type', () => {
    it.each(['Bearer', 'BEARER', 'bEaReR', 'bot', 'user', 'User Access Token', 'urlencoded', '', null, undefined])(
      '%j counts as Bearer',
      (token_type) => {
        expect(parseTokenResponse(response({ token_type })).tokenType).toBe('Bearer')
      },
    )

    it.each(['mac', 'MAC', 'DPoP', 'PoP', 'hawk', 'N_A'])('%j is presented in another way', (token_type) => {
      const error = refusal(response({ token_type }))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain('has a token_type other than Bearer')
    })

    it.each([1, true, ['Bearer'], {}])('%j is not read', (token_type) => {
      expect(refusal(response({ token_type })).message).toContain('has a token_type that is not a string')
    })

    describe('of a token that is to be bound to a key', () => {
      const read = (token_type: unknown) => parseTokenResponse(response({ token_type }), { tokenType: 'DPoP' })

      it.each(['DPoP', 'dpop', 'DPOP'])('%s is DPoP', (token_type) => {
        expect(read(token_type).tokenType).toBe('DPoP')
      })

      it.each(['Bearer', 'bearer'])('%s is a downgrade', (token_type) => {
        const error = thrownBy(() => read(token_type), TokenError)
        expect(error).toMatchObject({ code: 'token_response_invalid', retryable: false })
        expect(error.message).toContain('of type Bearer, which is bound to no key: check that the server supports DPoP')
        expect(error.message).toContain('that it is enabled for this client.')
      })

      it.each([
        [undefined, 'of type Bearer, which is bound to no key'],
        ['bot', 'has a token_type other than DPoP'],
        ['mac', 'has a token_type other than DPoP'],
        [['DPoP'], 'has a token_type that is not a string'],
      ])('%j is not understood', (token_type, message) => {
        expect(() => read(token_type)).toThrow(message)
      })
    })
  })

  describe('expires_in', () => {
    const withLifetime = (json: string) => `{"access_token":"abc","token_type":"Bearer","expires_in":${json}}`

    it.each([
      ['1', 1_000],
      ['3600', 3_600_000],
      ['3600.0', 3_600_000],
      ['36e2', 3_600_000],
      ['"3600"', 3_600_000],
      ['" 3600"', 3_600_000],
      ['3599.5', 3_599_000],
      ['"3599.5"', 3_599_000],
      ['0', 0],
      ['-0', -0],
      ['0.5', 0],
      ['"000"', 0],
      ['2147483646', 2_147_483_646_000],
      ['2147483647', 2_147_483_647_000],
      ['2147483648', 2_147_483_647_000],
      ['9e15', 2_147_483_647_000],
      ['1e308', 2_147_483_647_000],
      [`"${'9'.repeat(400)}"`, 2_147_483_647_000],
    ])('%s is a lifetime of %d ms', (json, lifetime) => {
      expect(parseTokenResponse(withLifetime(json)).lifetime).toBe(lifetime)
    })

    it.each(['-1', '"-1"', '1e400', '-1e400', 'true', 'false', '[3600]', '{}'])('%s is refused', (json) => {
      const error = refusal(withLifetime(json))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain('an expires_in that is not a number of seconds from 0 up')
    })

    it.each(['', ' ', '3600abc', '1e9', '0x10', 'NaN', '1.', 'never', '1 hour'])(
      '%j names no lifetime',
      (expires_in) => {
        expect(parseTokenResponse(response({ expires_in })).lifetime).toBeUndefined()
      },
    )

    it('gives a lifetime of 0 to 68 years, or a typed error, for anything', () => {
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), fc.double(), fc.integer(), fc.stringMatching(/^\d+$/)), (expires_in) => {
          try {
            const { lifetime = 1_000 } = parseTokenResponse(response({ expires_in }))
            expect(lifetime).toBeGreaterThanOrEqual(0)
            expect(lifetime).toBeLessThanOrEqual(2_147_483_647_000)
          } catch (error) {
            expect(error).toMatchObject({ code: 'token_response_invalid' })
          }
        }),
      )
    })
  })

  describe('scope', () => {
    it.each([
      ['', []],
      ['read', ['read']],
      ['write read', ['write', 'read']],
      ['  a   b ', ['a', 'b']],
      ['__proto__ constructor', ['__proto__', 'constructor']],
      [
        ['a', 'b c'],
        ['a', 'b', 'c'],
      ],
      [[], []],
    ])('%j is %j', (scope, names) => {
      expect(parseTokenResponse(response({ scope })).scope).toEqual(names)
    })

    it.each([1, true, ['read', 1], [['read']], {}])('cannot be %j', (scope) => {
      const error = refusal(response({ scope }))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain('a scope that is neither a string nor a list')
    })
  })

  describe.each(['refresh_token', 'id_token'])('%s', (name) => {
    it('counts for none when it is empty', () => {
      const { refreshToken, idToken } = parseTokenResponse(response({ [name]: '' }))
      expect([refreshToken, idToken]).toEqual([undefined, undefined])
    })

    it.each([1, true, ['abc'], {}])('cannot be %j', (value) => {
      const error = refusal(response({ [name]: value }))
      expect(error).toMatchObject({ code: 'token_response_invalid' })
      expect(error.message).toContain(`has a ${name} that is not a string`)
    })
  })

  describe('a response that is rejected', () => {
    it.each([
      ['an error', { error: 'invalid_scope' }],
      ['no access token', { access_token: undefined }],
      ['an access token that fits no header', { access_token: 'a b' }],
      ['another token type', { token_type: 'mac' }],
      ['an unreadable lifetime', { expires_in: -1 }],
      ['an unreadable scope', { scope: 1 }],
      ['an unreadable id_token', { id_token: {} }],
    ])('because of %s keeps its refresh token, out of sight', (_, members) => {
      const error = refusal(response({ ...members, refresh_token: CANARY }))
      expect(notedRefreshToken(error)?.reveal()).toBe(CANARY)
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
    })

    it.each([undefined, null, '', 1, ['r']])('has none to keep if it is %j', (refresh_token) => {
      expect(notedRefreshToken(refusal(response({ expires_in: -1, refresh_token })))).toBeUndefined()
    })
  })

  describe('other members', () => {
    it('are kept, without a prototype, without tokens and without a way to change them', () => {
      const members = {
        refresh_token: CANARY,
        id_token: CANARY,
        expires_in: 1,
        scope: 'a',
        instance_url: 'https://a.test',
      }
      const { parameters } = parseTokenResponse(response({ access_token: CANARY, ...members, resource: null }))
      expect(Object.entries(parameters)).toEqual([
        ['instance_url', 'https://a.test'],
        ['resource', null],
      ])
      expect(Object.getPrototypeOf(parameters)).toBeNull()
      expect(Object.isFrozen(parameters)).toBe(true)
    })

    it('that are duplicates count once, as JSON.parse has it', () => {
      expect(parseTokenResponse('{"access_token":"a","token_type":"Bearer","access_token":"b"}').accessToken).toBe('b')
    })

    it('may be nested deeply', () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000)
      expect(parseTokenResponse(response().replace('}', `,"deep":${deep}}`)).accessToken).toBe('abc')
    })

    it('can be __proto__, which does nothing', () => {
      const { parameters } = parseTokenResponse(
        '{"__proto__":{"expires_in":1,"polluted":true},"access_token":"a","token_type":"Bearer"}',
      )
      expect(Object.keys(parameters)).toEqual([])
      expect('polluted' in Object.assign({}, parameters)).toBe(false)
      expect(refusal('{"__proto__":{"access_token":"a","token_type":"Bearer"}}').code).toBe('token_response_invalid')
    })
  })

  describe('where Object.prototype is polluted', () => {
    const pollution = {
      access_token: 'evil',
      token_type: 'Bearer',
      expires_in: 1,
      scope: 'admin',
      error: 'evil',
      refresh_token: 'evil',
    }

    afterEach(() => {
      for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name)
    })

    it('reads the members of the answer alone', () => {
      Object.assign(Object.prototype, pollution)
      const members = parseTokenResponse('{"access_token":"a","token_type":"Bearer"}')
      expect({ ...members }).toMatchObject({ accessToken: 'a', tokenType: 'Bearer', ...UNNAMED })
      expect(Object.keys(members.parameters)).toEqual([])
      expect(() => parseTokenResponse('{}')).toThrow('has no access_token')
    })
  })

  describe('with an error member', () => {
    it.each([
      ['{"error":"invalid_client","error_description":"no"}', 'token_denied', 'invalid_client', false],
      [response({ error: 'invalid_grant' }), 'token_denied', 'invalid_grant', false],
      ['{"error":"temporarily_unavailable"}', 'token_endpoint_failed', 'temporarily_unavailable', true],
      ['{"error":{}}', 'token_endpoint_failed', undefined, false],
      [response({ error: '' }), 'token_endpoint_failed', undefined, false],
      [response({ error: false }), 'token_endpoint_failed', undefined, false],
    ])('is an error answer: %s', (text, code, error, retryable) => {
      expect(refusal(text)).toMatchObject({ code, retryable, status: 200 })
      expect(refusal(text).error).toBe(error)
    })
  })

  describe('with members of other names', () => {
    const rename = ({ token, ...others }: Readonly<Record<string, unknown>>) => ({
      access_token: token,
      token_type: 'Bearer',
      ...others,
    })

    it('is read by the names that they are given', () => {
      expect(parseTokenResponse('{"token":"abc","expires_in":"60","x":1}', { rename })).toEqual({
        accessToken: 'abc',
        tokenType: 'Bearer',
        lifetime: 60_000,
        parameters: { x: 1 },
      })
      expect(() => parseTokenResponse('{"expires_in":60}', { rename })).toThrow('has no access_token')
    })

    it('has none that a polluted prototype adds', () => {
      Object.assign(Object.prototype, { expires_in: 1, error: 'evil' })
      try {
        const renamed = () =>
          parseTokenResponse('{"token":"abc"}', {
            rename: ({ token }) => ({ access_token: token, token_type: 'Bearer' }),
          })
        expect({ ...renamed() }).toMatchObject({ tokenType: 'Bearer', ...UNNAMED })
      } finally {
        for (const name of ['expires_in', 'error']) Reflect.deleteProperty(Object.prototype, name)
      }
    })
  })

  describe('in a form', () => {
    const type = 'application/x-www-form-urlencoded; charset=utf-8'

    it('is read as in JSON', () => {
      const text =
        'access_token=gho_x&expires_in=28800&refresh_token=ghr%2Bx&scope=repo%20user&token_type=bearer&x=1&x=1'
      expect(parseTokenResponse(text.replace('&x=1', ''), { type })).toEqual({
        accessToken: 'gho_x',
        tokenType: 'Bearer',
        lifetime: 28_800_000,
        scope: ['repo', 'user'],
        refreshToken: 'ghr+x',
        parameters: { x: '1' },
      })
      expect(() => parseTokenResponse(text, { type })).toThrow('is a form that says something twice')
    })

    it.each(['application/x-www-form-urlencoded', ' Application/X-WWW-Form-URLencoded ;a=b'])(
      'by its type: %s',
      (type) => {
        expect(parseTokenResponse('access_token=a&token_type=bearer', { type }).accessToken).toBe('a')
      },
    )

    it.each([
      undefined,
      '',
      'text/plain',
      'application/x-www-form-urlencodedly',
      'text/html; a=application/json',
      'x application/x-www-form-urlencoded',
    ])('but not by another: %s', (type) => {
      expect(() => parseTokenResponse('access_token=a&token_type=bearer', { type })).toThrow('is not a JSON object')
      expect(parseTokenResponse(response(), { type }).accessToken).toBe('abc')
    })

    it('is an error where it tells of one', () => {
      const text = 'error=bad_verification_code&error_description=The+code+is+wrong.'
      const error = thrownBy(() => parseTokenResponse(text, { type }), TokenError)
      expect(error).toMatchObject({ code: 'token_denied', error: 'bad_verification_code', status: 200 })
      expect(error.errorDescription).toBe('The code is wrong.')
    })
  })

  it.each([
    CANARY,
    `{"access_token":"${CANARY}"`,
    `{"access_token":"${CANARY}","token_type":["${CANARY}"]}`,
    response({ access_token: `${CANARY} ` }),
    response({ access_token: [CANARY] }),
    response({ access_token: CANARY, expires_in: [CANARY] }),
    response({ access_token: CANARY, scope: { [CANARY]: CANARY } }),
    response({ access_token: CANARY, refresh_token: [CANARY] }),
    response({ refresh_token: CANARY, id_token: { [CANARY]: CANARY } }),
    response({ access_token: CANARY, refresh_token: CANARY, error: 'invalid_grant' }),
    response({ access_token: CANARY, error: { message: CANARY } }),
  ])('does not repeat the body: %s', (text) => {
    const error = refusal(text)
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(CANARY)
    expect(error.cause).toBeUndefined()
  })

  it('gives an answer or a typed error for any text', () => {
    const member = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: anyCharacter }),
      fc.constantFrom('Bearer', 'abc', '3600', null),
    )
    const json = fc
      .record(
        {
          access_token: member,
          token_type: member,
          expires_in: member,
          scope: member,
          refresh_token: member,
          id_token: member,
          error: member,
        },
        { requiredKeys: [] },
      )
      .map((members) => JSON.stringify(members))
    const codes = ['token_response_invalid', 'token_malformed', 'token_denied', 'token_endpoint_failed']
    fc.assert(
      fc.property(fc.oneof(json, fc.json(), fc.string({ unit: anyCharacter })), (text) => {
        try {
          expect(parseTokenResponse(text).accessToken).toMatch(/^[\w.~+/-]+=*$/)
        } catch (error) {
          expect(codes).toContain(thrownBy(() => parseTokenResponse(text), TokenError).code)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

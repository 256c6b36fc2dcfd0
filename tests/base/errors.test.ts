import { describe, expect, it } from '@jest/globals'
import { ApiError, ERROR_CODES, EverbearerError, SchemaError, TokenError } from '../../src/base/errors.js'

describe('errors', () => {
  it('each has a code once', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length)
  })

  it('have members only for what is known', () => {
    expect(Object.keys(new EverbearerError('closed', 'm')).sort()).toEqual(['code', 'name', 'retryable'])
    expect(Object.keys(new TokenError('closed', 'm')).sort()).toEqual(['code', 'name', 'requestSent', 'retryable'])
    expect(Object.keys(new ApiError('api_forbidden', 'm')).sort()).toEqual([
      'code',
      'missingPermissions',
      'name',
      'retryable',
    ])
    expect(new EverbearerError('closed', 'm')).not.toHaveProperty('cause')
  })

  it('are not retryable, and sent, unless told otherwise', () => {
    expect(new TokenError('closed', 'm')).toMatchObject({ retryable: false, requestSent: true })
  })

  it('carry what they were given', () => {
    const cause = new EverbearerError('closed', 'm')
    const base = { retryable: true, retryAfter: 0, cause }
    expect(new EverbearerError('closed', 'm', base)).toMatchObject({ code: 'closed', message: 'm', ...base })
    const token = { ...base, status: 400, error: 'e', errorDescription: 'd', requestSent: false }
    expect(new TokenError('token_denied', 'm', token)).toMatchObject(token)
    const api = { ...base, status: 403, platformCode: 'p', correlationId: 'c', missingPermissions: ['a'] }
    expect(new ApiError('api_forbidden', 'm', api)).toMatchObject(api)
    expect(new SchemaError('m', 'a.0.b')).toMatchObject({ code: 'schema_mismatch', path: 'a.0.b', retryable: false })
  })

  it.each([
    ['TokenError', new TokenError('closed', 'm')],
    ['ApiError', new ApiError('api_forbidden', 'm')],
    ['SchemaError', new SchemaError('m', '')],
    ['EverbearerError', new EverbearerError('closed', 'm')],
  ])('%s is an EverbearerError and says its name', (name, error) => {
    expect(error).toBeInstanceOf(EverbearerError)
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: m`)
  })
})

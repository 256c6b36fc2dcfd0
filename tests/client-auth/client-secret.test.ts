import { describe, expect, it } from '@jest/globals'
import { EverbearerError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { checkSecret, describeSecret, readSecret } from '../../src/client-auth/client-secret.js'
import { thrownBy } from '../protocol/thrown-by.js'

describe('checkSecret', () => {
  it.each([
    ['a string', 's'],
    ['a Secret', new Secret('s')],
    ['a function', () => 's'],
  ])('takes %s', (_, secret) => {
    expect(() => checkSecret('accessKeySecret', secret)).not.toThrow()
  })

  it.each([undefined, null, '', 5, {}, ['s']])('refuses %j by the name of the option', (secret) => {
    expect(thrownBy(() => checkSecret('accessKeySecret', secret), EverbearerError)).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('`accessKeySecret` must be a string that is not empty, a Secret, or a function'),
    })
  })
})

describe('readSecret', () => {
  it.each([
    ['a string', 's'],
    ['a Secret', new Secret('s')],
    ['a function that gives a string', () => 's'],
    ['a function that promises a Secret', () => Promise.resolve(new Secret('s'))],
  ])('reads %s', async (_, secret) => {
    expect(await readSecret('clientSecret', secret)).toBe('s')
  })

  it.each([
    ['nothing', undefined],
    ['an empty string', ''],
    ['a number', 5],
  ])('fails, and says that nothing was sent, for a function that gives %s', async (_, value) => {
    await expect(readSecret('accessKeySecret', () => value as never)).rejects.toMatchObject({
      code: 'grant_failed',
      retryable: false,
      requestSent: false,
      message: expect.stringContaining('accessKeySecret function gave no secret'),
    })
  })

  it('says so when the function fails, without its words', async () => {
    const secret = () => Promise.reject(new RangeError('the vault said canary'))
    const error = (await readSecret('clientSecret', secret).catch((thrown: unknown) => thrown)) as Error
    expect(error).toMatchObject({ code: 'grant_failed', retryable: true, requestSent: false })
    expect(error.message).toContain('clientSecret function failed (RangeError)')
    expect(error.message).not.toContain('canary')
  })
})

describe('describeSecret', () => {
  it.each([
    ['s', 'the secret'],
    ['s\n', 'the secret, which begins or ends with white space'],
    [' s', 'the secret, which begins or ends with white space'],
    [new Secret('s '), 'the secret'],
    [() => 's ', 'the secret'],
  ])('tells of white space where it can be seen without being asked for: %p', (secret, words) => {
    expect(describeSecret('the secret', secret)).toBe(words)
  })
})

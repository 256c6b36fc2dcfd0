import { describe, expect, it } from '@jest/globals'
import { AccessToken } from '../../src/token/access-token.js'
import { staticToken } from '../../src/token/static-token.js'

describe('staticToken', () => {
  it('serves its one token', async () => {
    const source = staticToken('t')
    expect(source.current()?.reveal()).toBe('t')
    expect(await source.getToken()).toBe(source.current())
    expect(await source.getToken({ rejected: new AccessToken('another') })).toBe(source.current())
  })

  it.each([undefined, null, '', 7])('is not made of %j, as from a variable that is missing', (value) => {
    expect(() => staticToken(value as string)).toThrow(expect.objectContaining({ code: 'token_malformed' }))
  })

  it('has no other when the API rejects it', async () => {
    await expect(staticToken('t').getToken({ rejected: new AccessToken('t') })).rejects.toMatchObject({
      code: 'token_rejected',
      retryable: false,
      message: 'The API rejected the static token, and there is no other.',
    })
  })

  it('takes nothing but an AccessToken for a rejected one, and null for none', async () => {
    await expect(staticToken('t').getToken({ rejected: 't' as never })).rejects.toMatchObject({
      code: 'invalid_option',
      message: 'Option `rejected` must be the AccessToken that was refused.',
    })
    await expect(staticToken('t').getToken('t' as never)).rejects.toThrow('The options of getToken must be an object.')
    expect((await staticToken('t').getToken({ rejected: null as never, signal: null as never })).reveal()).toBe('t')
  })

  it('rejects with the reason of a signal that is aborted', async () => {
    const reason = new Error('gone')
    await expect(staticToken('t').getToken({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('refuses a value that may not stand in a header', () => {
    const message =
      'The access token holds characters that may not stand in an Authorization header, such as a space or a line break: ' +
      'trim it, and leave out `Bearer`.'
    expect(() => staticToken('a\r\nb')).toThrow(expect.objectContaining({ code: 'token_malformed', message }))
  })
})

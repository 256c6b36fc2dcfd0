import { describe, expect, it } from '@jest/globals'

import { redactedError } from '../../src/http/redacted-error.js'
import { AccessToken } from '../../src/token/access-token.js'

const TOKEN = 'c4n4ry.t0ken'
const untold = <Failure>(failure: Failure) => redactedError(failure, new AccessToken(TOKEN))

describe('untoldResponse', () => {
  it('leaves out the bytes that undici could not parse, whatever they are', () => {
    const error = Object.assign(new Error('x'), { name: 'HTTPParserError', code: 'HPE_X', data: 'of another user' })
    expect(untold(error)).toBe(error)
    expect(error).not.toHaveProperty('data')
    expect(error).toMatchObject({ name: 'HTTPParserError', code: 'HPE_X', message: 'x' })
  })

  it('hides the token in each member that may quote it, and leaves the rest', () => {
    const headers = { a: TOKEN, b: 'b' }
    const error = Object.assign(new Error(`message ${TOKEN}`), {
      data: Buffer.from(`data ${TOKEN}`),
      body: { list: [`body ${TOKEN}`, 1] },
      headers,
      other: 1,
    })
    // Written down here: otherwise Jest's is made when it is first read.
    expect(error.stack).toContain(TOKEN)
    untold(error)
    expect(error.stack).toContain('message [redacted]')
    expect(error).toMatchObject({
      message: 'message [redacted]',
      data: 'data [redacted]',
      body: { list: ['body [redacted]', 1] },
      headers: { a: '[redacted]', b: 'b' },
      other: 1,
    })
    // Who has them may use them for something else.
    expect(headers.a).toBe(TOKEN)
  })

  it('leaves members without the token as they are', () => {
    const members = { data: { count: 1 }, body: Buffer.from('b'), headers: ['a', 'b'] }
    const error = untold(Object.assign(new Error('x'), members))
    for (const [name, value] of Object.entries(members)) expect(error).toHaveProperty(name, value)
    expect(error.body).toBe(members.body)
  })

  it('looks into causes and lists of errors, also in circles', () => {
    const [cause, member] = [new Error(TOKEN), new Error(TOKEN)]
    const error = new AggregateError([member], 'x', { cause: new Error('y', { cause }) })
    cause.cause = error
    untold(error)
    expect([cause.message, member.message]).toEqual(['[redacted]', '[redacted]'])
  })

  it('leaves a text of more than 256 KiB out if the token is in it', () => {
    const long = 'x'.repeat(256 * 1024)
    const error = untold(Object.assign(new Error('x'), { body: long + TOKEN, data: long + long }))
    expect(error).toMatchObject({ body: undefined, data: long + long })
  })

  it('leaves the words of an error as they are if the token is shorter than any real one', () => {
    const error = redactedError(new Error('a bug in the hook'), new AccessToken('a'))
    expect(error.message).toBe('a bug in the hook')
  })

  it.each([undefined, null, 'a text', 4, Object.freeze(new Error(TOKEN)), { body: 1n, headers: null }])(
    'throws for nothing that may be thrown: %p',
    (failure) => {
      expect(untold(failure)).toBe(failure)
    },
  )
})

it('hides a token of eight characters, and none that is shorter', () => {
  const hidden = (token: string) => redactedError(new Error(`of ${token}`), new AccessToken(token)).message
  expect([hidden('eight888'), hidden('seven77')]).toEqual(['of [redacted]', 'of seven77'])
})

it('hides the token in a text of exactly 256 KiB', () => {
  const text = TOKEN.padEnd(256 * 1024, '.')
  expect(untold(new Error(text)).message).toBe(text.replace(TOKEN, '[redacted]'))
})

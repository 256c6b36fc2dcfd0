import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { format, inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { isBearerToken } from '../../src/base/bearer-token.js'
import { TokenError } from '../../src/base/errors.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { Prover } from '../../src/token/prover.js'
import { anyCharacter } from '../any-character.js'

const CANARY = 'canary-access-token'

describe('AccessToken', () => {
  it('is made of a value that fits a header, or not at all [R15]', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: anyCharacter }), fc.base64String()), (value) => {
        let token: AccessToken | undefined
        try {
          token = new AccessToken(value)
        } catch (error) {
          expect(error).toBeInstanceOf(TokenError)
          expect(error).toMatchObject({ code: 'token_malformed', retryable: false })
          if (value.length > 3) expect((error as Error).message).not.toContain(value)
        }
        expect(token?.authorization).toBe(isBearerToken(value) ? `Bearer ${value}` : undefined)
        expect(token?.reveal()).toBe(isBearerToken(value) ? value : undefined)
      }),
    )
  })

  it('is presented as a bearer token', () => {
    const token = new AccessToken('mF_9.B5f-4.1JqM')
    expect(token.authorization).toBe('Bearer mF_9.B5f-4.1JqM')
    expect(token.reveal()).toBe('mF_9.B5f-4.1JqM')
  })

  it('is presented as a DPoP token when it is bound to a key', () => {
    const prover: Prover = { thumbprint: 'jkt', prove: async () => 'proof', remember: () => undefined }
    const token = new AccessToken('mF_9.B5f-4.1JqM', { prover })
    expect(token.authorization).toBe('DPoP mF_9.B5f-4.1JqM')
    expect(token.prover).toBe(prover)
    expect(inspect(token)).toBe("AccessToken { tokenType: 'DPoP', lifetime: undefined, scope: undefined }")
    expect(new AccessToken('t').prover).toBeUndefined()
  })

  it.each(['', undefined, null, 7])('is not made of %j', (value) => {
    expect(() => new AccessToken(value as string)).toThrow(
      expect.objectContaining({
        code: 'token_malformed',
        message: 'There is no access token: expected a string that is not empty.',
      }),
    )
  })

  it('takes no options that are no object', () => {
    expect(() => new AccessToken('t', 3_600 as never)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: 'The options of AccessToken must be an object.' }),
    )
  })

  it('is printed as what may be known of it', () => {
    const token = new AccessToken(CANARY, { lifetime: 5, scope: ['a'] })
    expect(inspect(token)).toBe("AccessToken { tokenType: 'Bearer', lifetime: 5, scope: [ 'a' ] }")
  })

  it('has an undefined lifetime and scope where the server named none', () => {
    expect({ ...new AccessToken('t') }).toStrictEqual({ tokenType: 'Bearer', lifetime: undefined, scope: undefined })
    expect({ ...new AccessToken('t', { lifetime: 5, scope: ['a'] }) }).toEqual({
      tokenType: 'Bearer',
      lifetime: 5,
      scope: ['a'],
    })
  })

  it('is compared by value', () => {
    expect(new AccessToken('t').equals(new AccessToken('t', { lifetime: 1 }))).toBe(true)
    expect(new AccessToken('t').equals(new AccessToken('u'))).toBe(false)
  })

  it('never shows when it is printed, cloned or turned into JSON', () => {
    const token = new AccessToken(CANARY, { lifetime: 1 })
    const shown = [
      format('%s', token),
      JSON.stringify(token),
      format('%o %O %j', token, token, token, token),
      inspect(token, { showHidden: true, depth: Infinity, getters: true }),
      inspect(structuredClone({ ...token })),
      inspect(deserialize(serialize(token))),
      JSON.stringify(Object.getOwnPropertyDescriptors(token)),
    ]
    expect(shown.join()).not.toContain(CANARY)
    expect(Reflect.ownKeys(token)).toEqual(['tokenType', 'lifetime', 'scope'])
  })
})

it.each([{}, { prove: () => 'p' }, { remember: () => undefined }])('takes no prover of %p', (prover) => {
  expect(() => new AccessToken('t', { prover: prover as never })).toThrow(
    'Option `prover` must be an object with the methods prove, remember.',
  )
})

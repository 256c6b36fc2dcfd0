import { describe, expect, it } from '@jest/globals'
import { instant } from '../../src/base/clock.js'
import type { TokenError } from '../../src/base/errors.js'
import { Secret } from '../../src/base/secret.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { TokenSet } from '../../src/token/grant.js'
import type { Prover } from '../../src/token/prover.js'
import { readTokens, writeTokens } from '../../src/token/stored-tokens.js'

const clock = new FakeClock()

function roundTrip(set: TokenSet) {
  return readTokens(
    { value: writeTokens(set, { requestedAt: instant(clock), clock, credentials: undefined }), version: 'v', age: 5 },
    clock,
  )
}

describe('a token set in a store', () => {
  it('comes back whole, and knows how old it is', () => {
    const { set, requestedAt, version } = roundTrip({
      accessToken: new AccessToken('t', { lifetime: 7, scope: ['a'] }),
      refreshToken: new Secret('r'),
      idToken: new Secret('i'),
      parameters: { instance_url: 'https://x.example' },
    })
    expect(set.accessToken).toMatchObject({ lifetime: 7, scope: ['a'] })
    expect([set.accessToken, set.refreshToken, set.idToken].map((one) => one?.reveal())).toEqual(['t', 'r', 'i'])
    expect(set.parameters).toEqual({ instance_url: 'https://x.example' })
    expect(requestedAt).toEqual({ wall: clock.now() - 5, monotonic: clock.monotonic() - 5 })
    expect(version).toBe('v')
  })

  it('comes back without what it did not have', () => {
    const { set } = roundTrip({ accessToken: new AccessToken('t'), parameters: {} })
    expect(set).toMatchObject({ refreshToken: undefined, idToken: undefined, parameters: {} })
    expect(set.accessToken).toMatchObject({ lifetime: undefined, scope: undefined })
  })

  it('is bound to the key that it was bound to', () => {
    const prover: Prover = { thumbprint: 'jkt', prove: async () => 'proof', remember: () => undefined }
    const value = writeTokens(
      { accessToken: new AccessToken('t', { prover }), parameters: {} },
      { requestedAt: instant(clock), clock, credentials: undefined },
    )
    const { accessToken } = readTokens({ value, version: 'v', age: 0 }, clock, { prover }).set
    expect([accessToken.authorization, accessToken.prover]).toEqual(['DPoP t', prover])
  })

  it.each([
    [Infinity, undefined],
    [-5, 0],
    [NaN, 0],
  ])('comes back when a grant of somebody’s own says that the token lives for %s ms', (lifetime, expected) => {
    const { set } = roundTrip({ accessToken: new AccessToken('t', { lifetime }), parameters: {} })
    expect(set.accessToken.lifetime).toBe(expected)
  })

  it('comes back when a grant without types left out the other members', () => {
    const set = { accessToken: new AccessToken('t'), refreshToken: new Secret('r') } as unknown as TokenSet
    expect(roundTrip(set).set).toMatchObject({ parameters: {} })
  })

  it('leaves out members that are nested deeper than JSON can be written', () => {
    let deep: unknown[] = []
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(roundTrip({ accessToken: new AccessToken('t'), parameters: { deep } }).set.parameters).toEqual({})
  })

  it.each([
    { age: -1 },
    { age: 'x' },
    { accessToken: 4 },
    { lifetime: 'x' },
    { scope: 'a' },
    { scope: [4] },
    { refreshToken: '' },
    { idToken: 4 },
    { parameters: 'x' },
  ])('is not what was written with %j', (change) => {
    const text = writeTokens(
      { accessToken: new AccessToken('t'), parameters: {} },
      { requestedAt: instant(clock), clock, credentials: undefined },
    )
    const value = JSON.stringify({ ...(JSON.parse(text) as object), ...change })
    expect(() => readTokens({ value, version: 'v', age: 0 }, clock)).toThrow(
      expect.objectContaining({
        code: 'token_store_corrupt',
        message: expect.stringContaining('is not what was written'),
      }),
    )
  })

  it.each(['null', '5', '"text"', '[]'])('is not what was written when it is %s', (value) => {
    expect(() => readTokens({ value, version: 'v', age: 0 }, clock)).toThrow(
      expect.objectContaining({
        code: 'token_store_corrupt',
        message: expect.stringContaining('was written by another'),
      }),
    )
  })

  it('of an age that no clock can tell is not taken for a young one', () => {
    const value = writeTokens(
      { accessToken: new AccessToken('t'), parameters: {} },
      { requestedAt: instant(clock), clock, credentials: undefined },
    )
    expect(() => readTokens({ value, version: 'v', age: NaN }, clock)).toThrow()
  })

  it('knows whether it was got with the same credentials, and does not tell them', () => {
    const credentials = new Secret('digest')
    const accessToken = new AccessToken('t')
    const write = (credentials: Secret | undefined) =>
      writeTokens({ accessToken, parameters: {} }, { requestedAt: instant(clock), clock, credentials })
    const isOwn = (value: string, credentials?: Secret) =>
      readTokens({ value, version: 'v', age: 0 }, clock, { credentials }).isOwn
    expect(isOwn(write(credentials), new Secret('digest'))).toBe(true)
    expect(isOwn(write(credentials), new Secret('other'))).toBe(false)
    expect(isOwn(write(credentials))).toBe(false)
    expect(isOwn(write(undefined), credentials)).toBe(false)
    expect(isOwn(write(undefined))).toBe(true)
    expect(write(credentials)).not.toContain('digest')
    expect(write(credentials)).not.toBe(write(credentials))
  })
})

describe('the text of a token set', () => {
  const write = (set: Partial<TokenSet>, { isForRejection = false, at = instant(clock) } = {}) =>
    writeTokens(
      { accessToken: new AccessToken('t'), parameters: {}, ...set },
      { requestedAt: at, isForRejection, clock, credentials: undefined },
    )
  const read = (value: string, age = 0) => readTokens({ value, version: 'v', age }, clock)
  const messageOf = (value: string) => {
    try {
      read(value)
    } catch (error) {
      return error as TokenError
    }
    return undefined
  }

  it('names what it holds, and the version of its form', () => {
    expect(JSON.parse(write({ refreshToken: new Secret('r') }, { isForRejection: true }))).toEqual({
      schema: 1,
      age: 0,
      mintedForRejection: true,
      accessToken: 't',
      refreshToken: 'r',
      parameters: {},
    })
    expect(JSON.parse(write({}))).not.toHaveProperty('mintedForRejection')
  })

  it('says whether the token replaced a rejected one', () => {
    expect(read(write({}, { isForRejection: true })).isForRejection).toBe(true)
    expect(read(write({})).isForRejection).toBe(false)
    expect(read(write({}).replace('"age"', '"mintedForRejection":"true","age"')).isForRejection).toBe(false)
  })

  it('adds its age when it was written to its age in the store', async () => {
    const at = instant(clock)
    await clock.advance(1_000)
    const value = write({}, { at })
    await clock.advance(500)
    const { requestedAt } = read(value, 300)
    expect(requestedAt).toEqual({ wall: clock.now() - 1_300, monotonic: clock.monotonic() - 1_300 })
  })

  it.each([
    ['text that is no JSON', '{', 'is not JSON'],
    ['an access token with a blank', write({}).replace('"t"', '"t t"'), 'holds an access token that is none'],
    [
      'a scope of which one name is a number',
      write({}).replace('"age"', '"scope":["a",4],"age"'),
      'is not what was written',
    ],
    ['an age that is a text of a number', write({}).replace('"age":0', '"age":"0"'), 'is not what was written'],
    ['members of its own version', write({}).replace('"schema":1', '"schema":2'), 'was written by another version'],
  ])('is corrupt with %s, and names what to check', (_what, value, why) => {
    const error = messageOf(value)
    expect(error).toMatchObject({ code: 'token_store_corrupt', requestSent: false, retryable: false })
    expect(error?.message).toContain(`What the token store holds for this identity ${why}`)
  })

  it('of a salt that is no text is of no credentials', () => {
    const value = write({}).replace('"age"', '"salt":5,"credentials":"x","age"')
    const reader = { credentials: new Secret('digest') }
    expect(readTokens({ value, version: 'v', age: 0 }, clock, reader).isOwn).toBe(false)
    expect(read(value).isOwn).toBe(false)
  })
})

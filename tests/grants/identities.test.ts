import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { clientCredentials, customGrant, jwtBearer, refreshToken, saml2Bearer, tokenExchange } from '../../src/index.js'
import type { Grant } from '../../src/index.js'

const { privateKey } = generateKeyPairSync('ed25519')
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`

/** What may shape a token, in few values, among them those that a careless comparison takes for the same. */
interface Shape {
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly resource: readonly string[]
  readonly audience: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  /** Of a grant that acts for a user. */
  readonly subject: string | undefined
  /** What the grant alone has, or does not look at. */
  readonly own: string
}

const shape: fc.Arbitrary<Shape> = fc.record({
  tokenEndpoint: fc.constantFrom('https://a.example/token', 'https://a.example/token?tenant=b'),
  clientId: fc.constantFrom('id', 'id,a'),
  scope: fc.subarray(['a', 'b', 'a,b']),
  resource: fc.subarray(['https://a.example/', 'https://b.example/']),
  audience: fc.constantFrom(undefined, 'a', 'b'),
  parameters: fc.constantFrom({}, { p: 'a' }, { p: 'a,b' }, { p: 'a', q: 'b' }, { q: 'b' }),
  subject: fc.constantFrom(undefined, 'a', 'b'),
  own: fc.constantFrom('x', 'y'),
})

const KEYS = ['tokenEndpoint', 'clientId', 'scope', 'resource', 'audience', 'parameters', 'subject', 'own'] as const

/** A grant of each kind with this shape. */
const GRANTS: Readonly<Record<string, (shape: Shape) => Grant>> = {
  clientCredentials: ({ subject: _, own: __, ...shape }) => clientCredentials({ ...given(shape), clientSecret: 's' }),
  refreshToken: ({ own: _, ...shape }) => refreshToken({ ...given(shape), clientSecret: 's' }),
  jwtBearer: ({ own, ...shape }) =>
    jwtBearer({ ...given(shape), assertion: { privateKey, issuer: 'i', claims: { own } } }),
  jwtBearerOfAnother: ({ own, ...shape }) => jwtBearer({ ...given(shape), assertion: { privateKey, issuer: own } }),
  saml2Bearer: ({ own: _, ...shape }) => saml2Bearer({ ...given(shape), assertion: 'a' }),
  tokenExchange: ({ own, ...shape }) =>
    tokenExchange({ ...given(shape), subjectToken: 's', subjectTokenType: type(own), requestedTokenType: type('z') }),
  customGrant: ({ own, ...shape }) => customGrant({ ...given(shape), grantType: own }),
  customGrantInJson: ({ own, ...shape }) => customGrant({ ...given(shape), grantType: own, body: 'json' }),
}

/** Absent options are left out, as a caller would. */
function given<Options extends object>(options: Options): { [Name in keyof Options]: NonNullable<Options[Name]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}

/** What of a shape such a grant looks at. */
function lookedAt(kind: string, { subject, own, ...shape }: Shape): object {
  const isService = kind === 'clientCredentials'
  const hasNothingOwn = isService || kind === 'refreshToken' || kind === 'saml2Bearer'
  return { ...shape, ...(!isService && { subject }), ...(!hasNothingOwn && { own }) }
}

describe('identities [R02]', () => {
  it.each(Object.entries(GRANTS))('of %s are equal exactly where all that shapes the token is', (kind, grant) => {
    // The other one is the same but for one thing, or not even for that.
    const pair = fc
      .tuple(shape, shape, fc.constantFrom(...KEYS))
      .map(([one, other, changed]) => [one, { ...one, [changed]: other[changed] }] as const)
    fc.assert(
      fc.property(pair, (shapes) => {
        const [one, other] = shapes.map((shape) => ({ ...grant(shape).identity }))
        const [expected, told] = shapes.map((shape) => JSON.stringify(lookedAt(kind, shape)))
        if (expected === told) expect(one).toEqual(other)
        else expect(one).not.toEqual(other)
      }),
      { numRuns: 200 },
    )
  })

  it('of two kinds of grant are never equal', () => {
    fc.assert(
      fc.property(shape, (shape) => {
        const identities = Object.values(GRANTS).map((grant) => JSON.stringify({ ...grant(shape).identity }))
        expect(new Set(identities).size).toBe(identities.length)
      }),
      { numRuns: 50 },
    )
  })

  it('do not tell in which order a set was written', () => {
    for (const grant of Object.values(GRANTS)) {
      const written = (scope: readonly string[]) =>
        grant({
          tokenEndpoint: 'https://a.example/token',
          clientId: 'id',
          scope,
          resource: [],
          audience: 'a',
          parameters: {},
          subject: 'a',
          own: 'x',
        }).identity
      expect({ ...written(['b a', 'b']) }).toEqual({ ...written(['a', 'b']) })
    }
  })
})

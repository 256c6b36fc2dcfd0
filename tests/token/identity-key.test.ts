import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { identityKey } from '../../src/token/identity-key.js'
import type { GrantIdentity } from '../../src/token/grant.js'

/** Few values, so that two identities are often the same, and some that could pass for two. */
const text = fc.constantFrom('', 'a', 'b', 'a,b', '"a","b"', 'null', 'é')
const texts = fc.array(text, { maxLength: 2 })
const identity: fc.Arbitrary<GrantIdentity> = fc.record(
  {
    tokenEndpoint: text,
    clientId: text,
    grantType: text,
    scope: texts,
    audience: text,
    resource: texts,
    parameters: fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }),
    subject: text,
    confirmation: text,
  },
  { requiredKeys: ['tokenEndpoint', 'clientId', 'grantType', 'scope', 'resource', 'parameters'] },
)

/** What an identity is, in words that have nothing to do with the key. */
function comparable({ scope, resource, parameters, ...others }: GrantIdentity) {
  return { ...others, scope: [...scope].sort(), resource: [...resource].sort(), parameters: { ...parameters } }
}

function areEqual(one: GrantIdentity, other: GrantIdentity): boolean {
  try {
    expect(comparable(one)).toStrictEqual(comparable(other))
    return true
  } catch {
    return false
  }
}

describe('identityKey [R02]', () => {
  it('is the same for two identities if and only if all their members are', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(identityKey(one) === identityKey(other)).toBe(areEqual(one, other))
        const changed = { ...one, subject: `${one.subject ?? ''}x` }
        expect(identityKey(changed)).not.toBe(identityKey(one))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['tokenEndpoint', 'other'],
    ['clientId', 'other'],
    ['grantType', 'other'],
    ['scope', ['other']],
    ['audience', 'other'],
    ['resource', ['other']],
    ['parameters', { other: '' }],
    ['subject', 'other'],
    ['confirmation', 'other'],
  ])('heeds the %s', (member, value) => {
    const one = { tokenEndpoint: 't', clientId: 'c', grantType: 'g', scope: [], resource: [], parameters: {} }
    expect(identityKey({ ...one, [member]: value })).not.toBe(identityKey(one))
  })

  it('does not heed the order of scope, resources and parameters', () => {
    const one = { tokenEndpoint: 't', clientId: 'c', grantType: 'g' }
    const forwards = { ...one, scope: ['a', 'b'], resource: ['c', 'd'], parameters: { e: '1', f: '2' } }
    const backwards = { ...one, scope: ['b', 'a'], resource: ['d', 'c'], parameters: { f: '2', e: '1' } }
    expect(identityKey(forwards)).toBe(identityKey(backwards))
    expect(identityKey(forwards)).toMatch(/^[0-9a-f]{64}$/)
  })
})

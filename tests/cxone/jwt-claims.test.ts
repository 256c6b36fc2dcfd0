import { describe, expect, it } from '@jest/globals'
import { readJwtClaims } from '../../src/cxone/cxone-grant.js'

const encode = (text: string) => Buffer.from(text).toString('base64url')

describe('readJwtClaims', () => {
  it('reads the claims, whatever the signature', () => {
    const claims = encode('{"tenantId":"t","name":"ÿ£??>"}')
    expect(readJwtClaims(`h.${claims}.s`)).toEqual({ tenantId: 't', name: 'ÿ£??>' })
    expect(readJwtClaims(`.${claims}.`)).toEqual({ tenantId: 't', name: 'ÿ£??>' })
  })

  it.each([
    ['an opaque token', 'mF_9.B5f-4'],
    ['nothing', ''],
    ['two parts', `h.${encode('{}')}`],
    ['five parts, as an encrypted one has', `h.${encode('{}')}.a.b.c`],
    ['four parts', `h.${encode('{}')}.a.b`],
    ['claims that are no JSON', `h.${encode('{')}.s`],
    ['claims that are a list', `h.${encode('[]')}.s`],
    ['claims that are no base64url', 'h.%%%.s'],
  ])('is undefined for %s', (_, token) => {
    expect(readJwtClaims(token)).toBeUndefined()
  })

  it('has no members but those of the token', () => {
    expect(readJwtClaims(`h.${encode('{"__proto__":{"tenantId":"t"}}')}.s`)?.['tenantId']).toBeUndefined()
  })
})

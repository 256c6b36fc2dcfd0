import { describe, expect, it } from '@jest/globals'
import { parseChallenges } from '../../src/protocol/challenge.js'
import { rejectsToken } from '../../src/protocol/token-rejection.js'

describe('rejectsToken [R08]', () => {
  it.each([
    ['no header', undefined],
    ['no challenge', ''],
    ['an unparsable header', 'Bearer realm="x'],
    ['a bare scheme', 'Bearer'],
    ['a realm alone', 'bearer realm="x", scope="a b"'],
    ['an error that holds for the token', 'Bearer error="invalid_token"'],
    ['an error without quotes', 'BEARER ERROR=invalid_token'],
    ['an unknown error', 'Bearer error="token_expired"'],
    ['an empty error', 'Bearer error=""'],
    ['a known error spelled another way', 'Bearer error="Insufficient_Scope"'],
    ['Bearer among others', 'Basic realm="x", Bearer'],
    ['an error of another scheme', 'DPoP error="insufficient_scope", Bearer'],
    ['one of two errors', 'Bearer error="insufficient_scope", Bearer error="invalid_token"'],
    ['credentials in place of parameters', 'Bearer abc'],
  ])('holds for %s', (_, header) => {
    expect(rejectsToken(parseChallenges(header))).toBe(true)
  })

  it.each([
    ['a scope that is missing', 'Bearer realm="x", error="insufficient_scope", scope="a"'],
    ['a bad request', 'Bearer error=invalid_request'],
    ['a sign-in that is too weak or too old', 'Bearer error="insufficient_user_authentication", max_age="5"'],
    ['claims that are missing', 'Bearer authorization_uri="https://x", error="insufficient_claims", claims="e30"'],
    ['an error beside a bare challenge', 'Bearer realm="x", Bearer error="insufficient_scope"'],
    ['both such errors', 'Bearer error="insufficient_scope", Bearer error="invalid_request"'],
    ['Basic alone', 'Basic realm="x"'],
    ['DPoP alone', 'DPoP error="invalid_token"'],
    ['a scheme that begins with Bearer', 'BearerX error="invalid_token"'],
    ['several others', 'Negotiate, NTLM'],
  ])('does not hold for %s', (_, header) => {
    expect(rejectsToken(parseChallenges(header))).toBe(false)
  })

  describe('of a DPoP token', () => {
    it.each([
      ['no header', undefined],
      ['an unparsable header', 'DPoP error="'],
      ['a bare challenge', 'DPoP algs="ES256"'],
      ['an error that holds for the token', 'DPoP error="invalid_token", algs="ES256 EdDSA"'],
      ['both schemes side by side', 'Bearer, DPoP algs="ES256"'],
      ['an error of another scheme beside a bare challenge', 'Bearer error="insufficient_scope", DPoP algs="ES256"'],
      ['a gateway that has read the token and names its error as Bearer', 'Bearer error="invalid_token"'],
    ])('holds for %s', (_, header) => {
      expect(rejectsToken(parseChallenges(header), 'DPoP')).toBe(true)
    })

    it.each([
      ['a proof that is not good', 'DPoP error="invalid_dpop_proof"'],
      ['a nonce that is missing', 'DPoP error="use_dpop_nonce"'],
      ['a scope that is missing', 'DPoP error="insufficient_scope", Bearer error="invalid_token"'],
      ['an API that knows no DPoP', 'Bearer realm="x"'],
      ['a scope that a gateway misses', 'Bearer error="insufficient_scope"'],
      ['Basic alone', 'Basic realm="x"'],
    ])('does not hold for %s', (_, header) => {
      expect(rejectsToken(parseChallenges(header), 'DPoP')).toBe(false)
    })
  })
})

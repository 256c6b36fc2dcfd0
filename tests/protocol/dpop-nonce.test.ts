import { describe, expect, it } from '@jest/globals'
import { parseChallenges } from '../../src/protocol/challenge.js'
import { demandsNonce, parseNonce } from '../../src/protocol/dpop-nonce.js'

describe('parseNonce', () => {
  it.each(['eyJ7S_zG.eyJH0-Z.HX4w-7v', '!', '#[]~', 'x'.repeat(2048)])('reads %s', (nonce) => {
    expect(parseNonce(nonce)).toBe(nonce)
    expect(parseNonce([nonce])).toBe(nonce)
  })

  it.each([
    ['no header', undefined],
    ['no value of a Headers object', null],
    ['an empty one', ''],
    ['two lines', ['one', 'two']],
    ['no line', []],
    ['two lines that fetch has joined', 'one, two'],
    ['a quote', 'a"b'],
    ['a backslash', 'a\\b'],
    ['a line break at the end', 'a\n'],
    ['what is not ASCII', 'é'],
    ['what no server would take back', 'x'.repeat(2049)],
  ])('reads none out of %s', (_, header) => {
    expect(parseNonce(header)).toBeUndefined()
  })
})

describe('demandsNonce', () => {
  it.each(['DPoP error="use_dpop_nonce"', 'Bearer, dpop algs="ES256", error=use_dpop_nonce'])(
    'holds for %s',
    (header) => {
      expect(demandsNonce(parseChallenges(header))).toBe(true)
    },
  )

  it.each([undefined, '', 'DPoP', 'DPoP error="invalid_token"', 'Bearer error="use_dpop_nonce"', 'DPoP error="'])(
    'does not hold for %s',
    (header) => {
      expect(demandsNonce(parseChallenges(header))).toBe(false)
    },
  )
})

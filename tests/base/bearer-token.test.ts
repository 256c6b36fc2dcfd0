import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isBearerToken } from '../../src/base/bearer-token.js'
import { anyCharacter } from '../any-character.js'

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/!#$%&'*^`|"

describe('isBearerToken [R15]', () => {
  it.each(
    [
      'a',
      '0',
      ALPHABET,
      'mF_9.B5f-4.1JqM',
      '00D5g!AQoAQ.x',
      '1234|abc',
      'YWJjZA==',
      'a====',
      'header.payload.signature',
      'x'.repeat(2 ** 20),
    ].map((value) => ({ shown: value.slice(0, 40), value })),
  )('accepts $shown', ({ value }) => {
    expect(isBearerToken(value)).toBe(true)
  })

  it.each([
    '',
    '=',
    'a=b',
    ' a',
    'a ',
    'a b',
    'a,b',
    'a"b',
    'a\tb',
    'a\r\nX: y',
    'a\n',
    'a\0',
    'é',
    '\u2028',
    '\ud800',
    '😀',
  ])('refuses %j', (value) => {
    expect(isBearerToken(value)).toBe(false)
  })

  it('decides each UTF-16 code unit by the grammar, wherever it stands', () => {
    const accepted = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(isBearerToken)
    expect(new Set(accepted)).toEqual(new Set(ALPHABET))
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: anyCharacter, minLength: 1 }),
        fc.string(),
        (before, middle, after) => {
          const value = before + middle + after
          const stripped = value.replace(/=+$/, '')
          expect(isBearerToken(value)).toBe(
            stripped !== '' && Array.from(stripped).every((one) => ALPHABET.includes(one)),
          )
        },
      ),
    )
  })
})

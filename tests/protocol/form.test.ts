import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeForm, formUrlEncode, parseForm } from '../../src/protocol/form.js'
import { anyCharacter } from '../any-character.js'

/** Any string, with what the form gives a meaning to at both ends. */
const anyText = fc.string({ unit: anyCharacter }).chain((text) =>
  fc.array(fc.constantFrom('\ud800', '\udfff', '\0', '%', '&', '=', '+', ' '), { maxLength: 3 }).map((odd) => {
    return odd.join('') + text + odd.join('')
  }),
)

describe('formUrlEncode', () => {
  it.each([
    ['', ''],
    ['abc', 'abc'],
    // RFC 6749 appendix B
    [' %&+£€', '+%25%26%2B%C2%A3%E2%82%AC'],
    ['a:b c+é%', 'a%3Ab+c%2B%C3%A9%25'],
    ["~!*'()", '%7E%21*%27%28%29'],
    ['-._', '-._'],
    ['\0\r\n\t', '%00%0D%0A%09'],
    ['😀', '%F0%9F%98%80'],
    ['\ud83d', '%EF%BF%BD'],
    ['\ude00 and \ud83d', '%EF%BF%BD+and+%EF%BF%BD'],
  ])('encodes %j as %s', (text, encoded) => {
    expect(formUrlEncode(text)).toBe(encoded)
  })

  it('writes only characters that form-encoding does not escape, and reads back as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const encoded = formUrlEncode(text)
        expect(encoded).toMatch(/^(?:[\w*.+-]|%[0-9A-F]{2})*$/)
        expect(new URLSearchParams(`value=${encoded}`).get('value')).toBe(Buffer.from(text).toString())
      }),
    )
  })
})

describe('encodeForm', () => {
  it('keeps the order, an empty value and a repeated name', () => {
    expect(
      encodeForm([
        ['grant_type', 'client_credentials'],
        ['resource', 'https://a.test/'],
        ['resource', 'https://b.test/'],
        ['scope', ''],
        ['naïve name', 'a=b&c'],
      ]),
    ).toBe(
      'grant_type=client_credentials&resource=https%3A%2F%2Fa.test%2F&resource=https%3A%2F%2Fb.test%2F&scope=&na%C3%AFve+name=a%3Db%26c',
    )
  })

  it('takes any iterable, and none gives an empty body', () => {
    expect(encodeForm(new Map([['a', '1']]))).toBe('a=1')
    expect(encodeForm([])).toBe('')
  })

  it('reads back as the same pairs', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        expect([...new URLSearchParams(encodeForm(pairs))]).toEqual(pairs)
      }),
    )
  })
})

describe('parseForm', () => {
  it('reads what was encoded', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (members) => {
        const { ['__proto__']: _, ...expected } = members
        expect({ ...parseForm(encodeForm(Object.entries(members))) }).toEqual(expected)
      }),
    )
  })

  it.each(['a=1&a=2', 'a=1&b=2&a=1', 'a&a', '__proto__=1&__proto__=1'])(
    'refuses a name that comes twice: %s',
    (text) => {
      expect(parseForm(text)).toBeUndefined()
    },
  )

  it('has the members of the text alone', () => {
    const members = parseForm('__proto__=x&constructor=y')!
    expect(Object.getPrototypeOf(members)).toBeNull()
    expect(Object.entries(members)).toEqual([['constructor', 'y']])
  })
})

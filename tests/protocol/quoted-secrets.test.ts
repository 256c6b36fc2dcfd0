import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { hideSecrets } from '../../src/protocol/quoted-secrets.js'

type Escape = (character: string) => string

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')
const perUnit = (write: (code: number) => string): Escape => {
  return (character) =>
    character
      .split('')
      .map((unit) => write(unit.charCodeAt(0)))
      .join('')
}
const perByte = (write: (byte: number) => string): Escape => {
  return (character) => [...Buffer.from(character)].map(write).join('')
}
const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Each way writes every character, or only those that it must. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.replace(/[a-zé-ö]/g, (letter) => letter.toUpperCase()),
  'as JSON': (text) => JSON.stringify(text).slice(1, -1),
  'as JSON, with slashes escaped': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'as JSON, all escaped': each(perUnit((code) => `\\u${hex(code, 4)}`)),
  'as JavaScript': each((character) => (character < '\u0080' ? `\\x${hex(character.charCodeAt(0), 2)}` : character)),
  'as HTML': each((character) => names[character] ?? character),
  'as HTML, by number': each((character) => `&#${String(character.codePointAt(0))};`),
  'as HTML, by hexadecimal number': each((character) => `&#x${hex(character.codePointAt(0)!, 2).toUpperCase()};`),
  'in a form': (text) => new URLSearchParams([['', text]]).toString().slice(1),
  'in a URL': encodeURIComponent,
  'in a URL, all escaped': each(perByte((byte) => `%${hex(byte, 2)}`)),
}

function each(escape: Escape): (text: string) => string {
  return (text) => [...text].map(escape).join('')
}

const SECRET = 'p"a/s+s w&ö\\r<d😀>%41\'='

describe('hideSecrets [R14]', () => {
  it.each(Object.entries(WAYS))('finds a secret that is written %s', (_way, write) => {
    expect(hideSecrets(`before ${write(SECRET)} after`, ['other', SECRET])).toBe('before [redacted] after')
  })

  it('finds one that ends in a backslash in JSON that stands in HTML', () => {
    const secret = 'p"a<s+s%41\\'
    const quoted = JSON.stringify({ secret }).replace(/["<]/g, (character) => `&#${character.charCodeAt(0)};`)
    expect(hideSecrets(quoted, [secret])).toMatch(/^{&#34;secret&#34;:&#34;\[redacted\][\\]*&#34;}$/)
    expect(hideSecrets(`before ${secret} after`, [secret])).toBe('before [redacted] after')
    expect(hideSecrets('nothing', ['\\'])).toBe('nothing')
  })

  it('hides a secret with backslashes within and at its end, where JSON stands in HTML', () => {
    for (const secret of ['p"a\\\\z<c4n4ry\\', 'p"a<c4n4ry\\\\', 'p"a\\z<c4n4ry\\\\\\']) {
      const quoted = JSON.stringify({ secret }).replace(/["<]/g, (character) => `&#${character.charCodeAt(0)};`)
      expect(hideSecrets(quoted, [secret])).not.toContain('c4n4ry')
    }
  })

  it('finds it in two of these at once', () => {
    for (const [first, inner] of Object.entries(WAYS)) {
      for (const [second, outer] of Object.entries(WAYS)) {
        const text = outer(inner('s3cr"t&ö'))
        expect([first, second, hideSecrets(text, ['s3cr"t&ö'])]).toEqual([first, second, '[redacted]'])
      }
    }
  })

  it('finds any secret, in any way, whatever stands around it', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        text,
        text,
        fc.constantFrom(...Object.values(WAYS)),
        (secret, before, after, write) => {
          const hidden = hideSecrets(`${before} ${write(secret)} ${after}`, [secret])
          expect(hidden).toContain('[redacted]')
          expect(hidden.replaceAll('[redacted]', '\ud800')).not.toContain(secret)
        },
      ),
    )
  })

  it('finds it as it is where it looks like the end of an escape', () => {
    for (const before of ['%', '\\u00', '&#', '\\']) {
      expect(hideSecrets(`${before}41abc;`, ['41abc'])).toBe(`${before}[redacted];`)
    }
  })

  it('finds all of several, and those that overlap as one', () => {
    expect(hideSecrets('abc-abcd-xbc', ['abc', 'bcd', 'xb'])).toBe('[redacted]-[redacted]-[redacted]c')
  })

  it('finds several in whatever order they stand', () => {
    expect(hideSecrets('two one two', ['one', 'two'])).toBe('[redacted] [redacted] [redacted]')
  })

  it('follows escapes within escapes three deep, and no deeper', () => {
    const escaped = (times: number) => Array.from({ length: times }).reduce<string>(encodeURIComponent, 'p%q')
    expect(hideSecrets(escaped(3), ['p%q'])).toBe('[redacted]')
    expect(hideSecrets(escaped(4), ['p%q'])).toBe(escaped(4))
  })

  it('knows the short escapes of control characters', () => {
    const secret = 'a\b-\f-\n-\r-\tz'
    expect(hideSecrets(JSON.stringify({ secret }), [secret])).toBe('{"secret":"[redacted]"}')
  })

  it('knows the last character that there is, and takes none for what is beyond it', () => {
    expect(hideSecrets('a&#x10ffff;b', ['a\u{10ffff}b'])).toBe('[redacted]')
    expect(hideSecrets('a&#1114112;b', ['ab'])).toBe('a&#1114112;b')
  })

  it('finds capitals of any number of bytes, and its place behind one whose small letter is longer', () => {
    expect(hideSecrets('x ＡＢ y 𐐀𐐁 z', ['ａｂ', '𐐨𐐩'])).toBe('x [redacted] y [redacted] z')
    expect(hideSecrets('İİİ SECRET İ', ['secret'])).toBe('İİİ [redacted] İ')
  })

  it('leaves everything else as it came, escapes too', () => {
    for (const text of ['', 'plain', '&amp; %41 \\u0041 + \\', 'ö\ud800😀', '&#9999999;']) {
      expect(hideSecrets(text, ['secret', ''])).toBe(text)
    }
  })
})

import assert from 'node:assert/strict'

import fc from 'fast-check'

import { readText } from '../../../src/base/body-text.js'
import { basicCredentials } from '../../../src/protocol/basic-credentials.js'
import { encodeForm, formUrlEncode } from '../../../src/protocol/form.js'
import { printable } from '../../../src/protocol/printable.js'
import { hideSecrets } from '../../../src/protocol/quoted-secrets.js'
import { AccessToken } from '../../../src/token/access-token.js'
import { assertPrintable, CANARY, outcome, target } from '../target.js'
import { hostile, junk } from '../texts.js'

const TOKEN_CHARACTERS = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/!#$%&'*^`|")

/** As a server receives it: no lone surrogate outlives UTF-8. */
const received = (text: string) => Buffer.from(text).toString()

/** 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 6750 section 2.1). */
function isToken68(text: string): boolean {
  let at = 0
  while (at < text.length && TOKEN_CHARACTERS.has(text[at]!)) at += 1
  return at > 0 && [...text.slice(at)].every((rest) => rest === '=')
}

export const ENCODINGS = [
  target<[name: string, value: string][]>({
    name: 'form',
    inputs: fc.array(fc.tuple(junk, junk), { maxLength: 4 }),
    check(pairs) {
      const encoded = encodeForm(pairs)
      assert.match(encoded, /^[A-Za-z0-9*._+&=%-]*$/)
      assert.deepEqual(
        [...new URLSearchParams(encoded)].map((pair) => [...pair]),
        pairs.map((pair) => pair.map(received)),
      )
    },
    read: (text) => encodeForm([['a', text]]),
  }),
  target<[clientId: string, clientSecret: string]>({
    name: 'basic-credentials',
    inputs: fc.tuple(junk, junk),
    check([clientId, clientSecret]) {
      const header = basicCredentials(clientId, clientSecret)
      assert.match(header, /^Basic [A-Za-z0-9+/]+=*$/)
      // As RFC 6749 section 2.3.1 has a server undo it.
      const decoded = Buffer.from(header.slice('Basic '.length), 'base64').toString()
      const halves = [decoded.slice(0, decoded.indexOf(':')), decoded.slice(decoded.indexOf(':') + 1)]
      const [id, secret] = halves.map((half) => decodeURIComponent(half.replaceAll('+', ' ')))
      assert.deepEqual([id, secret], [received(clientId), received(clientSecret)])
      assert.equal(halves[1], formUrlEncode(clientSecret))
    },
    read: (text) => basicCredentials('id', text),
  }),
  target<[text: string, secret: string]>({
    name: 'quoted-secrets',
    share: 2,
    inputs: fc.tuple(
      hostile('the secret cAnArY is wrong', '&#99;Anary %63anary \\u0063anary'),
      fc.oneof(junk, fc.constant(CANARY)),
    ),
    check([text, secret]) {
      const hidden = hideSecrets(text, [secret])
      // What no secret was found in is as it came, and what is left of a text is a piece of it, in its order.
      let at = 0
      for (const rest of hidden.split('[redacted]')) {
        const found = text.indexOf(rest, at)
        assert.ok(found >= 0, 'something was added')
        at = found + rest.length
      }
      if (secret.trim() === '' || '[redacted]'.includes(secret)) return
      for (const quoted of [secret, JSON.stringify(secret).slice(1, -1), formUrlEncode(secret)]) {
        assert.ok(hideSecrets(` ${quoted} `, [secret]).includes('[redacted]'))
        assert.ok(
          !hideSecrets(`${text} ${quoted} ${text}`, [secret])
            .split('[redacted]')
            .some((rest) => rest.includes(secret)),
        )
      }
    },
    read: (text) => hideSecrets(text, ['secret']),
    openings: ['', '%', '&#'],
  }),
  target<string>({
    name: 'printable',
    share: 2,
    inputs: hostile(
      'plain words',
      '\u001b[31mred\u001b[0m',
      '\u009b31mred',
      '\u001b]8;;http://evil\u0007link',
      'a\u202eb',
      '  a \r\n b ',
    ),
    check(text) {
      for (const longest of [1, 20, 300]) {
        const line = printable(text, longest)
        if (line === undefined) continue
        assertPrintable(line, longest)
        assert.equal(line, line.trim())
        assert.equal(printable(line, longest), line)
      }
    },
    read: (text) => printable(text, 300),
    openings: ['', '\u001b]'],
  }),
  target<string>({
    name: 'access-token',
    share: 2,
    inputs: hostile('mF_9.B5f-4.1JqM', 'a==', '=', 'a=b', 'Bearer a', 'a\n'),
    check(text) {
      const { value } = outcome(() => new AccessToken(text), ['token_malformed'])
      assert.equal(value !== undefined, isToken68(text))
      if (value === undefined) return
      assert.equal(value.reveal(), text)
      assert.equal(new Headers({ authorization: value.authorization }).get('authorization'), `Bearer ${text}`)
    },
    read: (text) => new AccessToken(text),
    openings: ['', 'a'],
  }),
  target<[chunks: string[], most: number]>({
    name: 'body-text',
    share: 0.5,
    inputs: fc.tuple(fc.array(junk, { maxLength: 5 }), fc.nat({ max: 100 })),
    async check([chunks, most]) {
      const whole = Buffer.from(chunks.join(''))
      // In pieces of three bytes, so that characters are torn.
      const pieces = Array.from({ length: Math.ceil(whole.length / 3) }, (_, i) => whole.subarray(i * 3, i * 3 + 3))
      const body = (async function* () {
        yield* pieces
      })()
      assert.equal(await readText(body, most), whole.length > most ? undefined : whole.toString())
    },
  }),
]

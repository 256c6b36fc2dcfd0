import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'

import { CANARY } from './target.js'

/** What parsers trip over. */
const FRAGMENTS = [
  ...',;:="\'\\/ \t.%&<>@#?*+-_~![]{}()0a',
  '\r\n',
  '\0',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\u00e9',
  '\u0130',
  '\ud800',
  '\udc00',
  '\u{1f600}',
  '\u001b[31m',
  '\u009b2J',
  '""',
  '\\"',
  '\\u0000',
  '%00',
  '%2e%2e',
  '&quot;',
  '//',
  '..',
  'Bearer ',
  'error=',
  '__proto__',
  'constructor',
  '1e400',
  '-1',
  '99999999999999999999',
  'null',
  'NaN',
  'GMT',
  CANARY,
]

const fragment = fc.constantFrom(...FRAGMENTS)
const ascii = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const piece = fc.oneof(
  { weight: 4, arbitrary: ascii },
  { weight: 4, arbitrary: fragment },
  { weight: 1, arbitrary: unit },
)

/** Text of no form at all: any code unit, lone surrogates and control characters too. */
export const junk: Arbitrary<string> = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

const edit = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'replace', 'repeat', 'cut', 'swap-case'),
  at: fc.nat({ max: 400 }),
  length: fc.nat({ max: 12 }),
  text: fc.oneof(fragment, piece),
})

type Edit = typeof edit extends Arbitrary<infer Value> ? Value : never

function edited(text: string, { kind, at, length, text: other }: Edit): string {
  const start = text === '' ? 0 : at % (text.length + 1)
  const before = text.slice(0, start)
  const chosen = text.slice(start, start + length)
  const after = text.slice(start + length)
  switch (kind) {
    case 'insert':
      return before + other + text.slice(start)
    case 'delete':
      return before + after
    case 'replace':
      return before + other + after
    case 'repeat':
      return before + chosen.repeat(3) + after
    case 'cut':
      return before
    default:
      return before + (chosen === chosen.toLowerCase() ? chosen.toUpperCase() : chosen.toLowerCase()) + after
  }
}

/** Valid texts with up to four wounds. */
export function wounded(texts: Arbitrary<string>): Arbitrary<string> {
  return fc.tuple(texts, fc.array(edit, { maxLength: 4 })).map(([text, edits]) => edits.reduce(edited, text))
}

/** Valid texts, wounded ones, and junk. */
export function hostile(...valid: (string | Arbitrary<string>)[]): Arbitrary<string> {
  const texts = fc.oneof(...valid.map((text) => (typeof text === 'string' ? fc.constant(text) : text)))
  return fc.oneof(
    { weight: 3, arbitrary: texts },
    { weight: 5, arbitrary: wounded(texts) },
    { weight: 2, arbitrary: junk },
  )
}

/** What stands where a member of a JSON answer should: of the right type, of a wrong one, or hardly JSON. */
export function member(...values: (string | Arbitrary<string>)[]): Arbitrary<string> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.oneof(...values.map((value) => (typeof value === 'string' ? fc.constant(value) : value))),
    },
    { weight: 2, arbitrary: anyJson },
    { weight: 1, arbitrary: junk.map((text) => JSON.stringify(text)) },
  )
}

/** Small JSON texts of every type. */
export const anyJson: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e400',
    '9e15',
    '""',
    '[]',
    '{}',
    '[3600]',
    '{"a":[[[[]]]]}',
  ),
  fc.constantFrom('{"__proto__":{"error":"x"}}', '"\\ud800"', `"${CANARY}"`, `["${CANARY}"]`, `{"a":"${CANARY}"}`),
  fc.double().map((value) => JSON.stringify(value)),
)

/** A JSON object's text with some of these members, in any order, some of them twice. */
export function jsonObject(members: Readonly<Record<string, Arbitrary<string>>>): Arbitrary<string> {
  const one = fc.oneof(
    ...Object.entries(members).map(([name, value]) => value.map((text) => `${JSON.stringify(name)}:${text}`)),
  )
  const named = Object.entries(members).map(([name, value]) =>
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), value)
      .map(([chance, text]) => (chance === 9 ? '' : `${JSON.stringify(name)}:${text}`)),
  )
  return fc
    .tuple(fc.tuple(...named), fc.array(one, { maxLength: 2 }))
    .map(([all, more]) => `{${[...all.filter((text) => text !== ''), ...more].join(',')}}`)
}

import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { type Challenge, parseChallenges } from '../../src/protocol/challenge.js'
import { anyCharacter } from '../any-character.js'

const challenge = (scheme: string, parameters: Record<string, string> = {}): Challenge => ({
  scheme,
  parameters: new Map(Object.entries(parameters)),
})
const withToken68 = (scheme: string, token68: string): Challenge => ({ scheme, token68, parameters: new Map() })

afterEach(() => {
  jest.restoreAllMocks()
})

describe('parseChallenges [R20]', () => {
  it.each([[undefined], [null], [''], [' \t'], [',, ,'], [[]], [['', '']]])('finds none in %j', (header) => {
    expect(parseChallenges(header)).toEqual([])
  })

  it.each<[string, Challenge[]]>([
    ['Bearer', [challenge('bearer')]],
    ['bEaReR', [challenge('bearer')]],
    [' Bearer ', [challenge('bearer')]],
    ['Bearer realm="x"', [challenge('bearer', { realm: 'x' })]],
    ['Bearer realm=x', [challenge('bearer', { realm: 'x' })]],
    ['Bearer REALM="x"', [challenge('bearer', { realm: 'x' })]],
    ['Bearer realm=""', [challenge('bearer', { realm: '' })]],
    ['Bearer   realm \t=  "x" ', [challenge('bearer', { realm: 'x' })]],
    ['Bearer realm = x , error = y', [challenge('bearer', { realm: 'x', error: 'y' })]],
    [
      'Bearer realm="example", error="invalid_token", error_description="The access token expired"',
      [
        challenge('bearer', {
          realm: 'example',
          error: 'invalid_token',
          error_description: 'The access token expired',
        }),
      ],
    ],
    // Commas, equals signs and whole challenges within quotes
    ['Bearer realm="a, Basic realm=b"', [challenge('bearer', { realm: 'a, Basic realm=b' })]],
    ['Bearer realm="a=b,c"', [challenge('bearer', { realm: 'a=b,c' })]],
    // Escapes
    ['Basic realm="\\"foo\\""', [challenge('basic', { realm: '"foo"' })]],
    ['Basic realm="\\f\\o\\o"', [challenge('basic', { realm: 'foo' })]],
    ['Basic realm="a\\\\"', [challenge('basic', { realm: 'a\\' })]],
    ['Basic realm="\\\u2028\\é"', [challenge('basic', { realm: '\u2028é' })]],
    ['Basic realm="é\t€"', [challenge('basic', { realm: 'é\t€' })]],
    // Lists
    [
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
      [
        challenge('newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }),
        challenge('basic', { realm: 'simple' }),
      ],
    ],
    ['Basic realm="x",Bearer', [challenge('basic', { realm: 'x' }), challenge('bearer')]],
    ['Bearer, Basic', [challenge('bearer'), challenge('basic')]],
    ['Bearer error=a,Bearer error=b', [challenge('bearer', { error: 'a' }), challenge('bearer', { error: 'b' })]],
    [', ,Bearer,, realm=x , ,', [challenge('bearer', { realm: 'x' })]],
    ['Bearer , realm="x"', [challenge('bearer', { realm: 'x' })]],
    // token68
    ['Negotiate YWJj', [withToken68('negotiate', 'YWJj')]],
    ['Negotiate YWJjZA==', [withToken68('negotiate', 'YWJjZA==')]],
    ['Negotiate a/+~.-_=  , Bearer', [withToken68('negotiate', 'a/+~.-_='), challenge('bearer')]],
    ['NTLM, Negotiate abc', [challenge('ntlm'), withToken68('negotiate', 'abc')]],
    ['Bearer realm=', [withToken68('bearer', 'realm=')]],
    // Names that an object would trip over
    [
      'Bearer __proto__=x, constructor=y',
      [
        {
          scheme: 'bearer',
          parameters: new Map([
            ['__proto__', 'x'],
            ['constructor', 'y'],
          ]),
        },
      ],
    ],
    ["Bearer !#$%&'*+-.^_`|~09=x", [challenge('bearer', { "!#$%&'*+-.^_`|~09": 'x' })]],
  ])('reads %s', (header, challenges) => {
    expect(parseChallenges(header)).toStrictEqual(challenges)
  })

  it.each([
    '=',
    '"',
    'realm="x"',
    'Bearer "x"',
    'Bearer realm="x',
    'Bearer realm="x\\"',
    'Bearer realm="x" error="y"',
    'Bearer realm="x"; error="y"',
    'Bearer realm="x"y',
    'Bearer a=b=c',
    'Bearer a=b c',
    'Bearer realm="x", error=',
    'Bearer realm=, error="y"',
    'Bearer foo bar',
    'Bearer foo bar="x"',
    'Bearer foo=, bar="x"',
    'Bearer foo, bar="x"',
    'Bearer realm="a", realm="b"',
    'Bearer realm="a", REALM="b"',
    'Bearer: realm="x"',
    'Bearer\nBasic',
    'Bearer realm="a\0b"',
    'Bearer realm="a\r\nb"',
    'Bearer realm="a\\\u007f"',
    'Beärer',
    '{"error":"invalid_token"}',
  ])('cannot read %j', (header) => {
    expect(parseChallenges(header)).toBeUndefined()
  })

  it('takes several lines for one list, and one bad line spoils it', () => {
    expect(parseChallenges(['Bearer realm="x", error=a', 'Basic', 'Digest a=b'])).toEqual([
      challenge('bearer', { realm: 'x', error: 'a' }),
      challenge('basic'),
      challenge('digest', { a: 'b' }),
    ])
    expect(parseChallenges(['Bearer', 'Basic realm="x'])).toBeUndefined()
  })

  it('does not read more than 16 KiB in all', () => {
    const header = (length: number) => 'Bearer a="'.padEnd(length - 1, 'x') + '"'
    expect(parseChallenges(header(16_384))).toHaveLength(1)
    expect(parseChallenges(header(16_385))).toBeUndefined()
    expect(parseChallenges([header(8_192), header(8_191)])).toHaveLength(2)
    expect(parseChallenges([header(8_192), header(8_192)])).toBeUndefined()
  })

  it.each([
    ['blanks', (length: number) => 'a' + ' '.repeat(length) + 'b'],
    ['commas', (length: number) => ','.repeat(length)],
    ['schemes', (length: number) => 'a,'.repeat(length / 2)],
    ['an open quote', (length: number) => 'a b="' + 'x'.repeat(length)],
    ['backslashes', (length: number) => 'a b="' + '\\'.repeat(length)],
    ['equals signs', (length: number) => 'a b' + '='.repeat(length) + '!'],
    ['names', (length: number) => 'a '.repeat(length / 2)],
  ])('looks at each of many %s a constant number of times', (_, header) => {
    const exec = jest.spyOn(RegExp.prototype, 'exec')
    const looks = (length: number) => {
      exec.mockClear()
      parseChallenges(header(length))
      return exec.mock.calls.length
    }
    const [short, long] = [looks(4_000), looks(16_000)]
    expect(short).toBeGreaterThan(0)
    expect(long).toBeLessThanOrEqual(4 * short)
    expect(long).toBeLessThanOrEqual(2 * 16_000)
  })

  it('never throws', () => {
    const piece = fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'realm', 'x', '==', '\t', 'é', '\0', 'a="b"')
    const header = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(fc.oneof(header, fc.array(header)), (text) => {
        const challenges = parseChallenges(text) ?? []
        for (const { scheme, parameters } of challenges) {
          expect([scheme, ...parameters.keys()].every((name) => name !== '' && name === name.toLowerCase())).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads back whatever list of challenges is written', () => {
    const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]+$/)
    const value = fc.stringMatching(/^[\t -~\u0080-\u00ff]*$/)
    const written = fc.oneof(
      fc.record({ scheme: name, parameters: fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }) }),
      fc.record({ scheme: name, token68: fc.stringMatching(/^[A-Za-z0-9._~+/-]+=*$/), parameters: fc.constant([]) }),
    )
    const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
    const write = ({
      scheme,
      parameters,
      ...rest
    }: {
      scheme: string
      token68?: string
      parameters: readonly (readonly [string, string])[]
    }) => `${scheme} ${rest.token68 ?? parameters.map(([key, text]) => `${key}=${quote(text)}`).join(' ,\t')}`
    fc.assert(
      fc.property(fc.array(written, { maxLength: 4 }), (list) => {
        expect(parseChallenges(list.map(write))).toEqual(
          list.map((one) => ({ ...one, parameters: new Map(one.parameters) })),
        )
      }),
    )
  })
})

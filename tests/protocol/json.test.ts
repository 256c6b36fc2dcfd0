import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseJson, parseJsonObject, writeJson } from '../../src/protocol/json.js'
import { anyCharacter } from '../any-character.js'

describe('parseJson', () => {
  it.each([
    ['null', null],
    ['false', false],
    ['0', 0],
    ['""', ''],
    [' {"a":[1]}\n', { a: [1] }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['{"a":"\uFEFF"}', { a: '\uFEFF' }],
  ])('reads %j', (text, value) => {
    expect(parseJson(text)).toEqual({ value })
  })

  it.each(['', ' ', 'SECRET', '{', '{"a":1}}', "{'a':1}", '{"a":NaN}', '\uFEFF\uFEFF{}', '<html>', 'undefined'])(
    'returns undefined for %j',
    (text) => {
      expect(parseJson(text)).toBeUndefined()
    },
  )

  it('never throws, and reads back what JSON.stringify wrote', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => void parseJson(text)))
    fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text)).toEqual({ value: JSON.parse(text) as unknown })))
  })

  it('survives nesting that other functions cannot walk', () => {
    expect(() => parseJson('['.repeat(100_000) + ']'.repeat(100_000))).not.toThrow()
  })
})

describe('parseJsonObject [R38]', () => {
  it.each(['null', 'true', '1', '"text"', '[]', '[{"a":1}]', '', '{'])('returns undefined for %s', (text) => {
    expect(parseJsonObject(text)).toBeUndefined()
  })

  it('has the members of the text and no prototype', () => {
    const members = parseJsonObject('{"a":1,"constructor":2,"toString":null}')
    expect(Object.getPrototypeOf(members)).toBeNull()
    expect(Object.entries(members ?? {})).toEqual([
      ['a', 1],
      ['constructor', 2],
      ['toString', null],
    ])
  })

  it('leaves __proto__ out', () => {
    const members = parseJsonObject('{"__proto__":{"polluted":true},"a":1}') ?? {}
    expect(Object.keys(members)).toEqual(['a'])
    expect(Object.getPrototypeOf(Object.assign({}, members))).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})

describe('writeJson', () => {
  it('writes what JSON can hold', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(writeJson(value)).toBe(JSON.stringify(value))))
  })

  const circle: { self?: unknown } = {}
  circle.self = circle

  it.each([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', { n: 1n }],
    ['a circle', circle],
    ['what fails when it is asked', { toJSON: () => JSON.parse('{') as unknown }],
  ])('returns undefined for %s', (_what, value) => {
    expect(writeJson(value)).toBeUndefined()
  })
})

describe('writeJson', () => {
  it.each([
    [{ a: [1] }, '{"a":[1]}'],
    ['x', '"x"'],
    [null, 'null'],
  ])('writes %j', (value, text) => {
    expect(writeJson(value)).toBe(text)
  })

  it('returns undefined for what JSON cannot hold', () => {
    const circle: unknown[] = []
    circle.push(circle)
    for (const value of [circle, 10n, undefined, () => 1, Symbol('s')]) expect(writeJson(value)).toBeUndefined()
  })
})

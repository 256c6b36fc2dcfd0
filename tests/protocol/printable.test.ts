import { describe, expect, it } from '@jest/globals'

import { printable } from '../../src/protocol/printable.js'

describe('printable [R14]', () => {
  it.each([
    ['one\r\n two', 'one two'],
    ['red \u001b[31malert\u001b[0m', 'red alert'],
    ['\u202Ereversed', 'reversed'],
    ['\ud800half', 'half'],
    ['\u001b[2J', undefined],
    ['', undefined],
  ])('makes one line of %j that is safe to print', (text, line) => {
    expect(printable(text, 100)).toBe(line)
  })

  it.each([
    '\u001b[0m',
    '\u001b]0;title\u0007',
    '\u001b]0;title\u001b\\',
    '\u009b1;2H',
    '\u001bM',
    '\u0000',
    '\u200b',
    '\u00ad',
    '\n',
  ])('puts nothing together that %j parts', (between) => {
    expect(printable(`one${between}two`, 100)).toBe('one two')
  })

  it('cuts the line to so many characters', () => {
    expect(printable('a'.repeat(101), 100)).toHaveLength(100)
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_DELTA, parseDeltaSeconds } from '../../src/protocol/delta-seconds.js'

const MAX_LENGTH = 2_147_483_647_000

describe('parseDeltaSeconds [R16]', () => {
  it.each([
    [0, 0],
    [1, 1_000],
    [86_399, 86_399_000],
    [2 ** 31 - 2, MAX_LENGTH - 1_000],
    [2 ** 31 - 1, MAX_LENGTH],
    [2 ** 31, MAX_LENGTH],
    [1e308, MAX_LENGTH],
    ['0', 0],
    ['3600', 3_600_000],
    ['0003600', 3_600_000],
    ['9'.repeat(400), MAX_LENGTH],
  ])('reads %p as %d ms', (value, milliseconds) => {
    expect(parseDeltaSeconds(value)).toBe(milliseconds)
  })

  it.each([
    -1,
    0.5,
    NaN,
    Infinity,
    -Infinity,
    '',
    ' ',
    ' 1',
    '1\n',
    '+1',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '1_000',
    '3600abc',
    '٣',
    'Infinity',
    true,
    null,
    undefined,
    [3600],
    ['3600'],
    {},
    3_600n,
  ])('refuses %p', (value) => {
    expect(parseDeltaSeconds(value)).toBeUndefined()
  })

  it('gives a whole number of milliseconds that can be added to a time, or undefined, for anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.stringMatching(/^\d+$/)), (value) => {
        const milliseconds = parseDeltaSeconds(value) ?? 0
        expect(milliseconds).toBeGreaterThanOrEqual(0)
        expect(milliseconds).toBeLessThanOrEqual(MAX_LENGTH)
        expect(Number.isInteger(milliseconds)).toBe(true)
      }),
    )
  })

  it('never makes a time that Date cannot hold', () => {
    expect(MAX_DELTA).toBe(MAX_LENGTH)
    expect(new Date(Date.UTC(2100, 0) + MAX_DELTA).getUTCFullYear()).toBe(2168)
  })
})

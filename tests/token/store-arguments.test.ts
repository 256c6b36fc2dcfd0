import { describe, expect, it } from '@jest/globals'
import { leaseArguments, readArguments, writeArguments } from '../../src/token/store-arguments.js'

describe('the arguments of a store', () => {
  const write = { expectedVersion: 'v', fence: 7, ttl: 1_000 }

  it('come back as they are read, and nothing else with them', () => {
    const { signal } = new AbortController()
    expect(readArguments('', { signal })).toEqual({ signal })
    expect(leaseArguments('key', 1, {})).toEqual({ signal: undefined })
    expect(writeArguments('key', undefined, { ...write, expectedVersion: undefined })).toEqual({
      ...write,
      expectedVersion: undefined,
    })
  })

  it.each([
    ['a key that is a number', () => readArguments(5 as never, {})],
    ['no options', () => readArguments('key', null as never)],
    ['a signal that is none', () => readArguments('key', { signal: {} as never })],
    ['a value that is a number', () => writeArguments('key', 5 as never, write)],
    ['a version that is a number', () => writeArguments('key', '', { ...write, expectedVersion: 5 as never })],
    ['a fence that is not whole', () => writeArguments('key', '', { ...write, fence: 1.5 })],
    ['a time that is none', () => writeArguments('key', '', { ...write, ttl: NaN })],
    ['a lease for no time', () => leaseArguments('key', 0, {})],
  ])('are refused with %s', (_what, use) => {
    expect(use).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})

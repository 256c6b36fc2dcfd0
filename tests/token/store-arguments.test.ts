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
    ['a key that is a number', () => readArguments(5 as never, {}), 'Option `key` must be a text.'],
    ['no options', () => readArguments('key', null as never), 'The options of get must be an object.'],
    [
      'a signal that is none',
      () => readArguments('key', { signal: {} as never }),
      'Option `signal` must be an object with the methods throwIfAborted, addEventListener.',
    ],
    [
      'a value that is a number',
      () => writeArguments('key', 5 as never, write),
      'Option `value` must be a text, or undefined.',
    ],
    [
      'a version that is a number',
      () => writeArguments('key', '', { ...write, expectedVersion: 5 as never }),
      'Option `expectedVersion` must be a text, or undefined.',
    ],
    [
      'a fence that is not whole',
      () => writeArguments('key', '', { ...write, fence: 1.5 }),
      "Option `fence` must be that of the writer's lease.",
    ],
    [
      'a time that is none',
      () => writeArguments('key', '', { ...write, ttl: NaN }),
      'Option `ttl` must be a number of milliseconds above 0.',
    ],
    [
      'a lease for no time',
      () => leaseArguments('key', 0, {}),
      'Option `ttl` must be a number of milliseconds above 0.',
    ],
    [
      'an unknown option of get',
      () => readArguments('key', { signals: 1 } as never),
      'Unknown option `signals` in get. Did you mean `signal`?',
    ],
    [
      'an unknown option of lease',
      () => leaseArguments('key', 1, { signals: 1 } as never),
      'Unknown option `signals` in lease. Did you mean `signal`?',
    ],
    [
      'an unknown option of compareAndSet',
      () => writeArguments('key', '', { ...write, fences: 1 } as never),
      'Unknown option `fences` in compareAndSet. Did you mean `fence`?',
    ],
  ])('are refused with %s', (_what, use, message) => {
    expect(use).toThrow(expect.objectContaining({ code: 'invalid_option', message }))
  })
})

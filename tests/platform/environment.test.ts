import { describe, expect, test } from '@jest/globals'
import { environmentReader, required } from '../../src/platform/environment.js'

describe('environmentReader', () => {
  test.each([[null], ['REGION=us-east-1'], [7]])('%p is no environment', (env) => {
    expect(() => environmentReader(env as never)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('`env`') }),
    )
  })

  test('a variable is read as it is, blanks at its ends too', () => {
    expect(environmentReader({ SECRET: ' s ' })('SECRET')).toBe(' s ')
  })

  test.each([[undefined], [''], [' \n'], [7], [{}], [null], [Symbol('id')]])('%p counts as missing', (value) => {
    expect(environmentReader({ SECRET: value as never })('SECRET')).toBeUndefined()
  })

  test('what is not in the environment itself counts as missing', () => {
    const read = environmentReader(Object.create({ SECRET: 's' }) as Record<string, string>)
    expect([read('SECRET'), read('constructor'), read('toString')]).toEqual([undefined, undefined, undefined])
  })
})

describe('required', () => {
  const read = environmentReader({ A: 'a', B: 'b', C: ' ' })

  test('gives the values by their new names', () => {
    expect(required(read, { one: 'A', two: 'B' })).toEqual({ one: 'a', two: 'b' })
  })

  test('names all that are missing, and what would do as well', () => {
    expect(() => required(read, { one: 'C', two: 'A', three: 'D' })).toThrow(
      expect.objectContaining({
        code: 'missing_environment',
        message: 'Missing or empty environment variables: C, D.',
      }),
    )
    expect(() => required(read, { one: 'D' }, 'E')).toThrow('Missing or empty environment variables: D (or E).')
  })
})

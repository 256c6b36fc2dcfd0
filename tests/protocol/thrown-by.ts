import { expect } from '@jest/globals'

/** The error that a call throws, once its class is checked. */
export function thrownBy<E extends Error>(call: () => unknown, type: abstract new (...args: never[]) => E): E {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(type)
    return error as E
  }
  throw new Error('Expected the call to throw')
}

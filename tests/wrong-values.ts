import { expect } from '@jest/globals'
import { inspect } from 'node:util'

import { EverbearerError } from '../src/index.js'

/** What a caller in plain JavaScript may hand in by mistake. */
export const WRONG: readonly unknown[] = [
  null,
  undefined,
  true,
  42,
  NaN,
  -1,
  Infinity,
  10n,
  Symbol('s'),
  '',
  'text',
  '10',
  {},
  [],
  [null],
  [42],
  () => undefined,
  new Map(),
  Object.create(null),
  { then: () => undefined },
]
export const but = (...right: unknown[]) => WRONG.filter((value) => !right.some((one) => Object.is(one, value)))
export const ofType = (...types: string[]) => WRONG.filter((value) => !types.includes(typeof value))
/** For an option that is an object. */
export const anObject = WRONG.filter((value) => typeof value !== 'object' || value === null)
/** For an option that is a list, and may be absent. */
export const NO_LIST = WRONG.filter((value) => !Array.isArray(value) && value !== undefined)

/** An option as its error names it, values that it does not take, and how one is handed in. */
export type Case = readonly [option: string, wrong: readonly unknown[], hand: (value: never) => unknown]

/** The errors that tell of these values, one for each. */
export async function refusals(wrong: readonly unknown[], hand: Case[2]): Promise<EverbearerError[]> {
  expect(wrong.length).toBeGreaterThan(0)
  const errors: EverbearerError[] = []
  for (const value of wrong) {
    const error: unknown = await (async () => hand(value as never))().then(
      () => new Error(`It took ${inspect(value)}.`),
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(EverbearerError)
    errors.push(error as EverbearerError)
  }
  return errors
}

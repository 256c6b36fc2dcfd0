import { expect } from '@jest/globals'
import { inspect } from 'node:util'

import { EverbearerError } from '../../src/index.js'

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

/** For an option that is an object, and may be absent. */
export const present = anObject.filter((value) => value !== undefined)
export const NO_TEXT = [...ofType('string', 'undefined'), '']
export const NO_TEXTS = [...NO_LIST, [null], [42], [''], ['a', ''], Array(1)]
export const NO_TRUTH = ofType('boolean', 'undefined')
/** A size, where the most is another matter. */
export const NO_SIZE = [...ofType('number', 'undefined'), 0, -1, 1.5, NaN, Infinity]

/** An option, and what it does not take. */
export type WrongOption = readonly [option: string, wrong: readonly unknown[]]
export const SIGNAL: WrongOption = ['signal', but(undefined)]
export const CHECKPOINT: WrongOption = ['checkpoint', but(undefined, null)]

/** A call, and the options that it takes. */
export type Call = readonly [name: string, call: (options: never) => unknown, options: readonly WrongOption[]]

/** What every call refuses, beside the options that it needs. */
export function casesOf(calls: readonly Call[], needed: (name: string) => object | false): Case[] {
  return calls.flatMap(([name, call, options]): Case[] => [
    [`options of ${name}`, present, call],
    ...options.map(([option, wrong]): Case => {
      return [option, wrong, (value) => call({ ...needed(name), [option]: value } as never)]
    }),
  ])
}

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

import assert from 'node:assert/strict'
import { inspect } from 'node:util'

import type { Arbitrary } from 'fast-check'

import { ERROR_CODES, EverbearerError } from '../../src/base/errors.js'
import type { ErrorCode } from '../../src/base/errors.js'

/** Something that reads what a stranger wrote. Inputs are JSON, so that a failure can be replayed from the command line. */
export interface Target<Input = never> {
  readonly name: string
  readonly inputs: Arbitrary<Input>
  /** Throws when the input breaks a promise. */
  check(input: Input): void | Promise<void>
  /** How many of the inputs it gets, beside the others. Default 1. */
  readonly share?: number
  /** The reader alone, to see whether it takes time in proportion to the length. */
  readonly read?: (text: string) => unknown
  /** What stands before the text that grows, so that the reader gets past its first character. Default: nothing. */
  readonly openings?: readonly string[]
  /** The longest text that it reads, where it refuses longer ones. */
  readonly longest?: number
}

/** Infers the input's type; a table of targets does not care about it. */
export function target<Input>(definition: Target<Input>): Target {
  return definition as unknown as Target
}

/** Stands in every secret of the inputs. No error may hold it. */
export const CANARY = 'cAnArY-5eCrEt'

/**
 * What a call returned, or the error that it threw, which must be one of ours, carry one of these codes, and show no
 * secret (unless there is none in the input: a host's name is not).
 */
export function outcome<Result>(
  call: () => Result,
  codes: readonly ErrorCode[],
  { secret = true } = {},
): { value: Result; error?: never } | { error: EverbearerError; value?: never } {
  try {
    return { value: call() }
  } catch (error) {
    assert.ok(error instanceof EverbearerError, `threw no error of ours: ${inspect(error)}`)
    assert.ok(ERROR_CODES.includes(error.code) && codes.includes(error.code), `threw ${error.code}: ${error.message}`)
    if (secret) assertSilent(error)
    return { error }
  }
}

/** No member of an error shows a secret. */
export function assertSilent(error: EverbearerError): void {
  // Its stack is its message and our own lines, and costs more to make than all the rest.
  const shown = JSON.stringify([error.message, error, error.cause])
  assert.ok(!shown.includes(CANARY), `the error shows a secret: ${shown}`)
}

/** One line without anything that moves a cursor, reorders the line or breaks a code point in two. */
export function assertPrintable(text: string, longest: number): void {
  assert.ok(text.length <= longest, `has ${text.length} characters, more than ${longest}`)
  assert.ok(Buffer.from(text).toString() === text, 'holds half of a surrogate pair')
  for (const character of text) {
    const code = character.codePointAt(0)!
    assert.ok(code >= 0x20 && !(code >= 0x7f && code <= 0x9f), `holds the control character ${code.toString(16)}`)
    assert.ok(!REORDERING.has(code), `holds the character ${code.toString(16)}, which reorders or ends a line`)
  }
}

const REORDERING: ReadonlySet<number> = new Set([
  0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff,
])

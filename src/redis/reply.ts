import { TokenError } from '../base/errors.js'
import { corrupt } from './redis-failure.js'

/** Takes the place of a text that is too long to be sent. */
export const OVERSIZE = 'OVERSIZE'

/** A part of a reply as a text: clients may be told to bring numbers and texts in other types. */
export function textOf(part: unknown): string {
  if (typeof part === 'string' || typeof part === 'number' || typeof part === 'bigint') return String(part)
  if (part instanceof Uint8Array) return Buffer.from(part).toString()
  throw notOfRedis()
}

/** A part of a reply that is a whole number. */
export function integerOf(part: unknown): number {
  const text = textOf(part)
  const number = Number(text)
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number)) throw notOfRedis()
  return number
}

/** Whether a script says 1, that it did what was asked, or 0. */
export function isDone(reply: unknown): boolean {
  const number = integerOf(reply)
  if (number !== 0 && number !== 1) throw notOfRedis()
  return number === 1
}

/** So many texts, or undefined where there are none. Throws `token_store_corrupt` where the first is {@link OVERSIZE}. */
export function textsOf(reply: unknown, count: number): string[] | undefined {
  if (reply === null || reply === undefined || reply === false) return undefined
  if (!Array.isArray(reply) || reply.length !== count) throw notOfRedis()
  // What is left out is no text either.
  const texts = Array.from(reply, textOf)
  if (texts[0] === OVERSIZE) throw corrupt('is larger than what a store writes')
  return texts
}

function notOfRedis(): TokenError {
  const text =
    'The Redis client brought what none of the scripts answers: see that it gives the reply of EVAL as it is.'
  return new TokenError('token_store_failed', text, { retryable: true, requestSent: false })
}

/** Milliseconds that stand for every longer time, as 2^31 does in RFC 9111 section 1.2.2: 68 years are for ever. */
export const MAX_DELTA = (2 ** 31 - 1) * 1_000

/**
 * Reads a whole number of seconds, 0 or more, as milliseconds: `delay-seconds` of RFC 9110 section 10.2.3 or
 * `expires-in` of RFC 6749 appendix A.14. A string holds digits alone: no sign, fraction, exponent or unit, out of which
 * `Number` and `parseFloat` each make something.
 */
export function parseDeltaSeconds(value: unknown): number | undefined {
  const isDelta = typeof value === 'string' ? /^\d+$/.test(value) : Number.isInteger(value) && Number(value) >= 0
  return isDelta ? Math.min(Number(value) * 1_000, MAX_DELTA) : undefined
}

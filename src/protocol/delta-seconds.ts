/** Greater numbers of seconds count as this one, as RFC 9111 section 1.2.2 has it: 68 years are for ever. */
const LONGEST = 2 ** 31 - 1

/** Caps a number of seconds and turns it into milliseconds that can safely be added to a time. */
export function secondsToMilliseconds(seconds: number): number {
  return Math.min(seconds, LONGEST) * 1_000
}

/**
 * Reads a whole number of seconds, 0 or more, as milliseconds: `delta-seconds` of RFC 9110 section 10.2.3 or
 * `expires-in` of RFC 6749 appendix A.14. Digits alone, no sign, fraction, exponent or unit, for which
 * `Number` and `parseFloat` would each invent a meaning.
 */
export function parseDeltaSeconds(value: unknown): number | undefined {
  if (typeof value === 'string') return /^\d+$/.test(value) ? secondsToMilliseconds(Number(value)) : undefined
  return Number.isInteger(value) && Number(value) >= 0 ? secondsToMilliseconds(Number(value)) : undefined
}

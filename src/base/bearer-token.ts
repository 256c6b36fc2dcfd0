/** RFC 9110 section 11.2. */
export const TOKEN68 = '[A-Za-z0-9._~+/-]+=*'

/**
 * A token68, as RFC 6750 section 2.1 has it, or a token of RFC 9110 section 5.6.2, or of both: Salesforce's tokens hold a
 * `!`, Meta's a `|`. Nothing of it ends a word of a header or begins another.
 */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/!#$%&'*^`|-]+=*$/

/** Whether a value can stand behind `Bearer` in a header. */
export function isBearerToken(value: string): boolean {
  return BEARER_TOKEN.test(value)
}

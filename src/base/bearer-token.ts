/** token68 (RFC 9110 section 11.2), which is `b64token` in RFC 6750 section 2.1. */
export const TOKEN68 = '[A-Za-z0-9._~+/-]+=*'

const BEARER_TOKEN = new RegExp(`^${TOKEN68}$`)

/** Whether a value can stand behind `Bearer` in a header: the token grammar of RFC 6750 section 2.1. */
export function isBearerToken(value: string): boolean {
  return BEARER_TOKEN.test(value)
}

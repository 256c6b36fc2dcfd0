/** Encodes one name or value as application/x-www-form-urlencoded in UTF-8 (RFC 6749 appendix B). */
export function formUrlEncode(text: string): string {
  return encodeForm([['', text]]).slice('='.length)
}

/**
 * Encodes parameters, in their order, as the body of a token request: application/x-www-form-urlencoded in UTF-8
 * (RFC 6749 section 3.2 and appendix B). A lone surrogate becomes U+FFFD, where `encodeURIComponent` would throw.
 */
export function encodeForm(parameters: Iterable<readonly [name: string, value: string]>): string {
  const form = new URLSearchParams()
  for (const [name, value] of parameters) form.append(name, value)
  return form.toString()
}

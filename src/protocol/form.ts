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

/**
 * Reads application/x-www-form-urlencoded, or returns undefined when a name comes twice (RFC 6749 section 3.2): whoever
 * added the second value would decide what is read. As in JSON's reader there is no prototype, and no `__proto__`.
 */
export function parseForm(text: string): Record<string, string> | undefined {
  const pairs = [...new URLSearchParams(text)]
  const members = Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(pairs))
  if (Object.keys(members).length < pairs.length) return undefined
  delete members['__proto__']
  return members
}

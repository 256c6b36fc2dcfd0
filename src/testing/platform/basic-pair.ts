/** What stands in an `Authorization: Basic`, as it is and with both halves form-decoded (RFC 6749 section 2.3.1). */
export interface BasicPair {
  readonly raw: { readonly id: string; readonly secret: string }
  readonly decoded: { readonly id: string; readonly secret: string }
}

/** Reads the header; both halves are empty when there is no such pair in it. */
export function basicPair(authorization: string): BasicPair {
  const [, encoded] = /^basic +([a-z\d+/]+=*) *$/i.exec(authorization) ?? []
  const pair = Buffer.from(encoded ?? '', 'base64').toString()
  const colon = pair.indexOf(':')
  const raw = { id: pair.slice(0, Math.max(colon, 0)), secret: pair.slice(colon + 1) }
  return { raw, decoded: { id: formDecoded(raw.id), secret: formDecoded(raw.secret) } }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text // A raw secret may well hold a lone percent sign.
  }
}

/**
 * The URL that a text is, or undefined. Not by `URL.canParse`: once optimised, Node 20's says no to every text with a
 * letter such as `ü`.
 */
export function parseUrl(text: string | URL, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

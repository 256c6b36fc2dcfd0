import { TOKEN68 } from '../base/bearer-token.js'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.3). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  readonly token68?: string
  /** By name in lower case; quotes and escapes are undone. */
  readonly parameters: ReadonlyMap<string, string>
}

/** As much as Node's parser takes for all the headers of an answer. */
const MAX_HEADER = 16 * 1_024

// The grammar of RFC 9110 section 11. Neighbours share no character, so each pattern can match in one way only, and
// reading takes time in proportion to the length.
const BLANKS = '[ \\t]*'
const NAME = "[!#$%&'*+.^_`|~\\w-]+"
const QUOTED = '(?:[\\t !#-[\\]-~\\u0080-\\uffff]|\\\\[\\t -~\\u0080-\\uffff])*'
const END = `${BLANKS}(?=,|$)`
const PARAMETER = `(?<name>${NAME})${BLANKS}=${BLANKS}(?:(?<token>${NAME})|"(?<quoted>${QUOTED})")${END}`
const SCHEME = `(?<scheme>${NAME})(?:[ \\t]+(?:(?<token68>${TOKEN68})${END}|(?=${NAME}${BLANKS}=))|${END})`
/** The next parameter or scheme, or the end, behind any separators. */
const NEXT = new RegExp(`[ \\t,]*(?:${PARAMETER}|${SCHEME}|$)`, 'y')

/**
 * Reads `WWW-Authenticate` or `Proxy-Authenticate` (RFC 9110 section 11.6.1): challenges and their parameters are
 * separated by the same comma, and one line may hold several. Returns [] when there is none, and undefined when the
 * header cannot be read or is longer than 16 KiB. Never throws.
 */
export function parseChallenges(
  header: string | readonly string[] | undefined | null,
): readonly Challenge[] | undefined {
  const text = typeof header === 'string' ? header : (header ?? []).join(',')
  if (text.length > MAX_HEADER) return undefined

  const challenges: { scheme: string; token68?: string; parameters: Map<string, string> }[] = []
  NEXT.lastIndex = 0
  for (;;) {
    const next = NEXT.exec(text)?.groups
    if (next === undefined) return undefined
    const { name: spelling, token, quoted, scheme, token68 } = next
    if (scheme !== undefined) {
      challenges.push({
        scheme: scheme.toLowerCase(),
        ...(token68 !== undefined && { token68 }),
        parameters: new Map(),
      })
    } else if (spelling !== undefined) {
      const challenge = challenges.at(-1)
      // A parameter of no challenge, or of one that has credentials in place of parameters.
      if (challenge === undefined || challenge.token68 !== undefined) return undefined
      const name = spelling.toLowerCase()
      // A name must occur only once in a challenge, and which of two counts would be a guess.
      if (challenge.parameters.has(name)) return undefined
      challenge.parameters.set(name, token ?? String(quoted).replace(/\\(.)/gs, '$1'))
    } else return challenges
  }
}

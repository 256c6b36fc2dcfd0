import { TOKEN68 } from './bearer-token.js'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.3). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  readonly token68?: string
  /** By name in lower case; quotes and escapes are undone. */
  readonly parameters: ReadonlyMap<string, string>
}

/** As much as Node's parser takes for all the headers of an answer; what is longer is not worth reading. */
const LONGEST_HEADER = 16 * 1_024

// Each of these reads forward only and can match in one way only, which keeps the whole reader linear.
const SEPARATORS = /[ \t,]*/y
const BLANKS = /[ \t]*/y
const NAME = /[!#$%&'*+.^_`|~\w-]+/y
const QUOTED = /"(?:[\t !#-[\]-~\u0080-\uffff]|\\[\t -~\u0080-\uffff])*"/y
const CREDENTIALS = new RegExp(TOKEN68, 'y')

/**
 * Reads `WWW-Authenticate` or `Proxy-Authenticate` (RFC 9110 section 11.6.1): challenges and their parameters are
 * separated by the same comma, and one header line may hold several. Returns [] when there is none and undefined when the
 * header cannot be read. Never throws, and takes time in proportion to the length.
 */
export function parseChallenges(
  header: string | readonly string[] | undefined | null,
): readonly Challenge[] | undefined {
  const text = typeof header === 'string' ? header : (header ?? []).join(',')
  if (text.length > LONGEST_HEADER) return undefined

  let position = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    const found = pattern.exec(text)?.[0]
    position += found?.length ?? 0
    return found
  }
  const isAtSeparator = () => position === text.length || text[position] === ','

  const challenges: { scheme: string; token68?: string; parameters: Map<string, string> }[] = []
  for (;;) {
    take(SEPARATORS)
    if (position === text.length) return challenges
    let name = take(NAME)
    if (name === undefined) return undefined
    let blanks = take(BLANKS)

    if (text[position] !== '=') {
      const challenge: (typeof challenges)[number] = { scheme: name.toLowerCase(), parameters: new Map() }
      challenges.push(challenge)
      if (isAtSeparator()) continue
      if (blanks === '') return undefined
      const start = position
      const token68 = take(CREDENTIALS)
      take(BLANKS)
      if (token68 !== undefined && isAtSeparator()) {
        challenge.token68 = token68
        continue
      }
      position = start
      name = take(NAME)
      blanks = take(BLANKS)
    }

    const challenge = challenges.at(-1)
    if (name === undefined || text[position] !== '=') return undefined
    // A parameter of no challenge, or of one that has credentials in place of parameters.
    if (challenge === undefined || challenge.token68 !== undefined) return undefined
    position += '='.length
    take(BLANKS)
    const value = take(NAME) ?? unquote(take(QUOTED))
    name = name.toLowerCase()
    // "Each parameter name MUST only occur once per challenge": which of two counts would be a guess.
    if (value === undefined || challenge.parameters.has(name)) return undefined
    challenge.parameters.set(name, value)
    take(BLANKS)
    if (!isAtSeparator()) return undefined
  }
}

function unquote(text: string | undefined): string | undefined {
  return text?.slice(1, -1).replace(/\\(.)/gs, '$1')
}

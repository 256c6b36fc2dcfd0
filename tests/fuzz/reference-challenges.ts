import type { Challenge } from '../../src/protocol/challenge.js'

const DIGITS = '0123456789'
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const TCHAR = new Set(`!#$%&'*+-.^_\`|~${DIGITS}${LETTERS}`)
const TOKEN68 = new Set(`-._~+/${DIGITS}${LETTERS}`)
const BLANK = new Set(' \t')

/**
 * A second reader of `WWW-Authenticate`, written from the grammar of RFC 9110 sections 5.6 and 11, one character after
 * another: slow, plain, and without a regular expression. What it and the real one disagree about is an error in one.
 */
export function referenceChallenges(text: string): Challenge[] | undefined {
  const challenges: { scheme: string; token68?: string; parameters: Map<string, string> }[] = []
  let at = 0
  const run = (from: number, set: ReadonlySet<string>) => {
    let to = from
    while (to < text.length && set.has(text[to]!)) to += 1
    return to
  }
  const blanks = (from: number) => run(from, BLANK)
  const isEnd = (from: number) => from === text.length || text[from] === ','

  /** token BWS "=" BWS ( token / quoted-string ), up to the comma or the end behind it. */
  const parameter = (from: number) => {
    const nameEnd = run(from, TCHAR)
    if (nameEnd === from) return undefined
    const equals = blanks(nameEnd)
    if (text[equals] !== '=') return undefined
    const valueStart = blanks(equals + 1)
    const value = text[valueStart] === '"' ? quotedString(text, valueStart) : token(valueStart)
    if (value === undefined) return undefined
    const end = blanks(value.end)
    return isEnd(end) ? { name: text.slice(from, nameEnd).toLowerCase(), value: value.value, end } : undefined
  }
  const token = (from: number) => {
    const end = run(from, TCHAR)
    return end === from ? undefined : { value: text.slice(from, end), end }
  }
  /** auth-scheme, alone, or with 1*SP and then a token68 or the first of its parameters. */
  const scheme = (from: number) => {
    const nameEnd = run(from, TCHAR)
    if (nameEnd === from) return undefined
    const name = text.slice(from, nameEnd).toLowerCase()
    const next = blanks(nameEnd)
    if (next > nameEnd) {
      const valueEnd = run(next, TOKEN68)
      const padded = run(valueEnd, new Set('='))
      if (valueEnd > next && isEnd(blanks(padded)))
        return { name, token68: text.slice(next, padded), end: blanks(padded) }
      const parameterName = run(next, TCHAR)
      if (parameterName > next && text[blanks(parameterName)] === '=') return { name, end: next }
    }
    return isEnd(next) ? { name, end: next } : undefined
  }

  for (;;) {
    at = run(at, new Set(' \t,'))
    if (at === text.length) return challenges
    const found = parameter(at)
    if (found) {
      const challenge = challenges.at(-1)
      if (!challenge || challenge.token68 !== undefined || challenge.parameters.has(found.name)) return undefined
      challenge.parameters.set(found.name, found.value)
      at = found.end
      continue
    }
    const begun = scheme(at)
    if (!begun) return undefined
    const { name, token68, end } = begun
    challenges.push({ scheme: name, ...(token68 !== undefined && { token68 }), parameters: new Map() })
    at = end
  }
}

/** DQUOTE *( qdtext / quoted-pair ) DQUOTE, with the escapes undone. obs-text is whatever is beyond ASCII. */
function quotedString(text: string, from: number): { value: string; end: number } | undefined {
  let value = ''
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') return { value, end: at + 1 }
    const isPair = character === '\\'
    if (isPair) at += 1
    const written = text[at]
    if (written === undefined || !isText(written)) return undefined
    value += written
  }
  return undefined
}

function isText(character: string): boolean {
  const code = character.charCodeAt(0)
  return character === '\t' || (code >= 0x20 && code !== 0x7f)
}

import { stripVTControlCharacters } from 'node:util'

/** Characters that move the cursor, reorder a line or end it, and halves of a surrogate pair. */
const BLANK_OR_UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Cs}]+/gu

/** Begins a sequence for a terminal. The one with a backslash ends it. */
// eslint-disable-next-line no-control-regex -- It looks for control characters.
const SEQUENCE = /\u001b(?!\\)|\u009b/g

/** A server's words as one line that is safe to print, cut to so many characters; undefined when nothing is left. */
export function printable(text: string, longest: number): string | undefined {
  // Cut first, so that a body full of escape sequences costs nothing; cut last, so that no half pair is left over.
  // A blank stays where a terminal's sequence was, or halves of a secret around it would become one word.
  const spaced = text.slice(0, 4 * longest).replace(SEQUENCE, ' $&')
  const line = stripVTControlCharacters(spaced).slice(0, longest)
  return line.replace(BLANK_OR_UNPRINTABLE, ' ').trim() || undefined
}

import fc from 'fast-check'

/**
 * A unit for `fc.string`: any code point, lone surrogates too, and one in three of them ASCII. Stands for fast-check's
 * own unit `binary`, which begins with a table of a million characters, in each file 0.7 s.
 */
export const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint))

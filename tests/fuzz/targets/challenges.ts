import assert from 'node:assert/strict'

import fc from 'fast-check'

import { parseChallenges } from '../../../src/protocol/challenge.js'
import type { Challenge } from '../../../src/protocol/challenge.js'
import { rejectsToken } from '../../../src/protocol/token-rejection.js'
import { referenceChallenges } from '../reference-challenges.js'
import { target } from '../target.js'
import { hostile, junk } from '../texts.js'

const MAX_LENGTH = 16 * 1_024

const name = fc.constantFrom(
  'Bearer',
  'bearer',
  'BEARER',
  'Basic',
  'DPoP',
  'Negotiate',
  'realm',
  'error',
  'ERROR',
  'a',
  '!#$',
)
const blank = fc.constantFrom('', '', ' ', '\t', '  ')
const value = fc.oneof(
  fc.constantFrom(
    'invalid_token',
    'insufficient_scope',
    'insufficient_user_authentication',
    '"invalid_token"',
    '"invalid_request"',
    '"a, b"',
    '"a\\"b"',
    '"\\\\"',
    '""',
  ),
  junk.map((text) => `"${text}"`),
)
const parameter = fc
  .tuple(name, blank, blank, value)
  .map(([key, before, after, text]) => `${key}${before}=${after}${text}`)
const challenge = fc
  .tuple(
    name,
    fc.array(parameter, { maxLength: 3 }),
    fc.constantFrom(', ', ',', ' , ', ',,'),
    fc.constantFrom('', '', ' YWJj', ' a==', ' ='),
  )
  .map(([scheme, parameters, comma, token68]) =>
    parameters.length > 0 ? `${scheme} ${parameters.join(comma)}` : scheme + token68,
  )
const header = fc
  .tuple(fc.array(challenge, { maxLength: 3 }), fc.constantFrom(', ', ',', ' ,\t', ',,'))
  .map(([challenges, comma]) => challenges.join(comma))

const valid = [
  'Basic realm="foo", , Bearer error="invalid_token"',
  'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
  'Negotiate YWJj, Bearer realm=x,error = "insufficient_scope" , scope="a b"',
  'Bearer error="invalid_token", error_description="it is, as \\\\ they say, \u00e9xpired"',
]

/** RFC 6750 section 3.1, said once more. */
function isRejected(challenges: Challenge[] | undefined): boolean {
  if (!challenges?.length) return true
  const ours = challenges.filter(({ scheme }) => scheme === 'bearer')
  const errors = ours.map(({ parameters }) => parameters.get('error')).filter((error) => error !== undefined)
  if (errors.length === 0) return ours.length > 0
  return errors.some((error) => !error.startsWith('insufficient_') && error !== 'invalid_request')
}

export const CHALLENGES = [
  target<string>({
    name: 'challenge',
    share: 4,
    inputs: hostile(header, ...valid),
    check(text) {
      const read = parseChallenges(text)
      const expected = text.length > MAX_LENGTH ? undefined : referenceChallenges(text)
      assert.deepEqual(read, expected)
      assert.equal(rejectsToken(read), isRejected(expected))
    },
    read: (text) => parseChallenges(text),
    openings: ['', 'Bearer ', 'Bearer a="', 'Bearer a=', 'Bearer error="x", a=b'],
    longest: MAX_LENGTH,
  }),
  target<readonly string[]>({
    name: 'challenge-lines',
    inputs: fc.array(hostile(header), { maxLength: 3 }),
    check(lines) {
      assert.deepEqual(parseChallenges(lines), parseChallenges(lines.join(',')))
    },
    read: (text) => parseChallenges(Array.from({ length: text.length / 64 }, () => text.slice(0, 64))),
    longest: MAX_LENGTH,
  }),
]

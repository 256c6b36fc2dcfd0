import assert from 'node:assert/strict'

import fc from 'fast-check'

import { AllowedOrigins, originOf } from '../../../src/http/allowed-origins.js'
import { resolvePath } from '../../../src/client/request-path.js'
import { isLoopback, parseEndpoint, parseOrigin } from '../../../src/protocol/url.js'
import { CANARY, outcome, target } from '../target.js'
import { hostile, junk } from '../texts.js'

const scheme = fc.constantFrom(
  'https://',
  'https://',
  'http://',
  'HTTPS://',
  'ftp://',
  'file://',
  'blob:https://',
  'https:',
  'https:\\\\',
  '',
)
const host = fc.constantFrom(
  ...[
    'api.example.com',
    'API.Example.COM',
    'localhost',
    'localhost.evil.test',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
  ],
  ...[
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '10.0.0.5',
    '*.example.com',
    'b\u00fccher.example',
    'xn--bcher-kva.example',
    'a.',
  ],
  ...['%6cocalhost', 'loc\u00adalhost', '\uff4cocalhost', '', 'a b', 'a'.repeat(64)],
)
const user = fc.constantFrom(
  '',
  '',
  '',
  `me:${CANARY}@`,
  `${CANARY}@`,
  `me:p@${CANARY}@`,
  `me:p/${CANARY}@`,
  `${CANARY}#@`,
)
const port = fc.constantFrom('', '', ':443', ':80', ':8443', ':0', ':65536', ':x')
const path = fc.constantFrom(
  '',
  '',
  '/',
  '/oauth/token',
  '/a?x=1',
  `/?client_secret=${CANARY}`,
  '#',
  '/#f',
  '?',
  '/..//',
  '/%2e%2e/',
  '//evil.test',
)
const url = fc.tuple(scheme, user, host, port, path).map((parts) => parts.join(''))
const urls = hostile(url, 'https://api.example.com')

/** Said once more, by what RFC 6761 and RFC 8252 name. */
function isThisMachine(hostname: string): boolean {
  const octets = hostname.split('.')
  const isIPv4 = octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet))
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4 && octets[0] === '127')
}

/** Whether the canary has become a piece of the host, with nothing behind it that could make it a password. */
function isHost(text: string): boolean {
  return (
    URL.canParse(text) && new URL(text).host.includes(CANARY) && !text.slice(text.lastIndexOf(CANARY)).includes('@')
  )
}

const ORIGIN = 'https://api.example.com'
const LISTED = [ORIGIN, 'http://127.0.0.1:8080', 'https://b\u00fccher.example']
const allowed = new AllowedOrigins({ origins: LISTED })
const listed: ReadonlySet<string> = new Set(LISTED.map((origin) => new URL(origin).origin))

export const URLS = [
  target<string>({
    name: 'origin',
    share: 2,
    inputs: urls,
    check(text) {
      const { value } = outcome(() => parseOrigin(text, 'origins[0]'), ['invalid_origin', 'insecure_url'], {
        secret: !isHost(text),
      })
      if (value === undefined) return
      assert.equal(parseOrigin(value, 'again'), value)
      const { origin, protocol, hostname, username, password } = new URL(text)
      assert.equal(value, origin)
      assert.equal(username + password, '')
      assert.ok(!hostname.includes('*'))
      assert.ok(protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname)))
      assert.equal(isLoopback(hostname), isThisMachine(hostname))
    },
    read: (text) => parseOrigin(text, 'origins[0]'),
    openings: ['', 'https://', 'https://a/', 'https://a:'],
  }),
  target<string>({
    name: 'endpoint',
    share: 2,
    inputs: urls,
    check(text) {
      const { value } = outcome(() => parseEndpoint(text, 'tokenEndpoint'), ['invalid_option', 'insecure_url'], {
        secret: !isHost(text),
      })
      if (value === undefined) return
      assert.equal(parseEndpoint(value.href, 'again').href, value.href)
      assert.equal(value.href, new URL(text).href)
      assert.ok(!value.href.includes('#') && !/^\?(.*&)?client_secret(=|&|$)/.test(value.search))
      assert.equal(value.username + value.password, '')
      assert.ok(value.protocol === 'https:' || (value.protocol === 'http:' && isThisMachine(value.hostname)))
    },
    read: (text) => parseEndpoint(text, 'tokenEndpoint'),
    openings: ['', 'https://', 'https://a/', 'https://a/?'],
  }),
  target<string>({
    name: 'allowed-origins',
    share: 2,
    inputs: hostile(url, ...LISTED, 'HTTPS://api.example.com:443/x', 'https://api.example.com.', 'null'),
    check(text) {
      const parsed = URL.parse ? URL.parse(text) : safely(() => new URL(text))
      assert.equal(
        allowed.has(text),
        listed.has(text) || (parsed !== undefined && parsed !== null && listed.has(parsed.origin)),
      )
      assert.equal(originOf(text), parsed?.origin ?? 'null')
    },
    read: (text) => allowed.has(text),
    openings: ['', 'https://', 'https://a/'],
  }),
  target<[path: string, query: Record<string, string>]>({
    name: 'request-path',
    share: 2,
    inputs: fc.tuple(
      hostile(
        url,
        '/api/v2/users',
        '//evil.test/x',
        'https://evil.test/',
        '\\\\evil.test',
        '/../..',
        '/\t/evil.test',
        'users',
        `${ORIGIN}@evil.test`,
        'blob:https://api.example.com/x',
      ),
      fc.dictionary(junk, junk, { maxKeys: 2, noNullPrototype: true }),
    ),
    check([text, query]) {
      const { value } = outcome(() => resolvePath(text, query, ORIGIN), ['unsafe_link'])
      if (value === undefined) return
      assert.equal(value.origin, ORIGIN)
      assert.equal(value.protocol + value.username + value.password, 'https:')
      const bare = new URL(text, ORIGIN)
      assert.equal(value.pathname, bare.pathname)
      const sent = [...[...bare.searchParams].map((pair) => [...pair]), ...Object.entries(query)].map((pair) =>
        pair.map((half) => Buffer.from(half).toString()),
      )
      assert.deepEqual(
        [...value.searchParams].map((pair) => [...pair]),
        sent,
      )
    },
    read: (text) => resolvePath(text, { q: text }, ORIGIN),
    openings: ['', '/', '/?', '//', '/../'],
  }),
]

function safely<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}

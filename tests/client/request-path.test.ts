import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { resolvePath } from '../../src/client/request-path.js'

const origin = 'https://api.test'

describe('resolvePath [R41]', () => {
  it.each([
    ['/api/v2/users', '/api/v2/users'],
    ['api/v2/users', '/api/v2/users'],
    ['', '/'],
    ['/a?x=1', '/a?x=1'],
    ['?x=1', '/?x=1'],
    ['/a/../b', '/b'],
    ['/%2e%2e/b', '/b'],
    ['/a b/é', '/a%20b/%C3%A9'],
    ['/a#fragment', '/a'],
    ['https://api.test/a', '/a'],
    ['HTTPS://API.TEST:443/a', '/a'],
    ['/a/https://evil.test', '/a/https://evil.test'],
    ['/a//evil.test', '/a//evil.test'],
  ])('%s is %s', (path, expected) => {
    const url = resolvePath(path, undefined, origin)
    expect([url.origin, url.pathname + url.search]).toEqual([origin, expected])
  })

  it.each([
    '//evil.test/x',
    '///evil.test/x',
    '/\\evil.test/x',
    '\\\\evil.test/x',
    '/\t/evil.test/x',
    'https://evil.test/x',
    'https:evil.test',
    'http://api.test/x',
    'https://api.test:8443/x',
    'https://api.test@evil.test/x',
    'https://user@api.test/x',
    'https://:secret@api.test/x',
    '//user:secret@api.test/x',
    'data:text/plain,x',
    'javascript:alert(1)',
    'blob:https://api.test/x',
    'https://',
  ])('%s is refused, and not quoted', (path) => {
    const resolve = () => resolvePath(path, undefined, origin)
    const message = `The path does not lead to ${origin}: only paths of this API are requested.`
    // An absolute URL with the scheme of the base and no slashes is relative to it.
    if (path === 'https:evil.test') expect(resolve().href).toBe('https://api.test/evil.test')
    else expect(resolve).toThrow(expect.objectContaining({ name: 'EverbearerError', code: 'unsafe_link', message }))
    if (path.includes('secret')) expect(resolve).toThrow(expect.not.stringContaining('secret'))
  })

  it('never leads elsewhere, whatever the path', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '//',
      ':',
      '@',
      '?',
      '#',
      '.',
      '..',
      'https:',
      'evil.test',
      '\t',
      '\n',
      ' ',
      '%2f',
      'x',
      '[',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 8 }), (parts) => {
        try {
          const url = resolvePath(parts.join(''), undefined, origin)
          expect([url.protocol, url.host, url.username, url.password]).toEqual(['https:', 'api.test', '', ''])
        } catch (error) {
          expect(error).toMatchObject({ code: 'unsafe_link' })
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('writes a query that reads back as it was, beside the one in the path', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.oneof(value, fc.array(value))),
        (query) => {
          const url = resolvePath('/a?first=1', query as never, origin)
          const expected = Object.entries(query).flatMap(([name, value]) =>
            [value].flat().map((item) => [name, String(item)]),
          )
          expect([...url.searchParams]).toEqual([['first', '1'], ...expected])
          expect(url.href).toMatch(/^https:\/\/api\.test\/a\?[\x21-\x7e]*$/)
        },
      ),
    )
  })

  it('repeats a list, and leaves out what is undefined', () => {
    const query = { expand: ['a', 'b'], none: [], left: undefined, zero: 0, no: false, empty: '' }
    expect(resolvePath('/x', query, origin).search).toBe('?expand=a&expand=b&zero=0&no=false&empty=')
  })
})

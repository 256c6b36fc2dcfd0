import { expect, test } from '@jest/globals'
import { pathSegment } from '../../src/platform/path-segment.js'

test('an id stays one segment, whatever is in it', () => {
  expect(pathSegment('id', '5f3b-1')).toBe('5f3b-1')
  expect(pathSegment('id', 'a/../b?c#d%2e é')).toBe('a%2F..%2Fb%3Fc%23d%252e%20%C3%A9')
  for (const id of ['a/b', '../x', '...', '%2e%2e', '\\..\\x', '?x=1', '#x', '//elsewhere', ' ', '\n', '😀']) {
    const url = new URL(`/api/v2/users/${pathSegment('id', id)}`, 'https://api.example.com')
    expect(url.origin).toBe('https://api.example.com')
    expect(decodeURIComponent(url.pathname)).toBe(`/api/v2/users/${id}`)
    expect([url.search, url.hash]).toEqual(['', ''])
  }
})

test.each([undefined, null, 7, {}, ['a'], '', '.', '..', '\ud800', 'a\udc00'])('%p is none', (id) => {
  expect(() => pathSegment('id', id as string)).toThrow(
    expect.objectContaining({
      code: 'invalid_option',
      message: 'Option `id` must be an id: a text, not empty, and no dots alone.',
    }),
  )
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { shownUrl } from '../../src/base/shown-url.js'

describe('shownUrl [R14]', () => {
  it.each([
    ['https://login.example.com', 'https://login.example.com/'],
    ['https://login.example.com/a/b', 'https://login.example.com/a/b'],
    ['https://me:canary@login.example.com/a?canary#canary', 'https://login.example.com/a'],
    ['https://canary@login.example.com?canary', 'https://login.example.com/'],
    ['https:canary:canary@login.example.com', 'https://login.example.com/'],
    ['https://can\nary@login.example.com/', 'https://login.example.com/'],
    ['ftp://me:canary@files.example.com/x', 'ftp://files.example.com/x'],
  ])('shows where %j leads, without what may be secret', (given, shown) => {
    expect(shownUrl(given)?.href).toBe(shown)
  })

  it.each([
    'canary',
    'me:canary@login.example.com',
    '//me:canary@login.example.com',
    'https://me:p@canary/word@login.example.com',
    'https://me:1?canary@login.example.com',
    'https://me:1#canary@login.example.com',
    'https://me:canary%40login.example.com',
    'https://me\\canary@login.example.com',
    'data:text/plain,canary',
    '',
  ])('shows nothing of %j', (given) => {
    expect(shownUrl(given)).toBeUndefined()
  })

  it('leaves the URL that it was given as it is', () => {
    const url = new URL('https://me:secret@login.example.com/a?b#c')
    shownUrl(url)
    expect(url.href).toBe('https://me:secret@login.example.com/a?b#c')
  })

  it('shows no user name, password, query or fragment, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 4, maxLength: 4 }), ([user, password, query, fragment]) => {
        const url = new URL('https://login.example.com/a')
        Object.assign(url, { username: user, password, search: query, hash: fragment })
        expect(['https://login.example.com/a', undefined]).toContain(shownUrl(url)?.href)
      }),
    )
  })
})

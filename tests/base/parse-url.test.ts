import { describe, expect, it } from '@jest/globals'
import { parseUrl } from '../../src/base/parse-url.js'

describe('parseUrl', () => {
  it('reads a URL, against a base or alone, and nothing else', () => {
    expect(parseUrl('/a', 'https://api.test')?.href).toBe('https://api.test/a')
    expect(parseUrl('https://api.test/a')?.href).toBe('https://api.test/a')
    expect(parseUrl('/a')).toBeUndefined()
  })

  it('reads letters beyond ASCII as well the ten thousandth time, which URL.canParse of Node 20 does not', () => {
    for (let i = 0; i < 10_000; i++) expect(parseUrl('https://bücher.test')?.hostname).toBe('xn--bcher-kva.test')
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EverbearerError } from '../../src/base/errors.js'
import { isLoopback, parseEndpoint, parseOrigin } from '../../src/protocol/url.js'
import { thrownBy } from './thrown-by.js'

const CANARY = 'S3CR3T-canary'

describe('isLoopback', () => {
  it.each(['localhost', '127.0.0.1', '127.0.0.53', '127.255.255.255', '[::1]'])('holds for %s', (hostname) => {
    expect(isLoopback(hostname)).toBe(true)
  })

  it.each([
    'localhost.',
    'localhost.evil.test',
    'my.localhost',
    'notlocalhost',
    '0.0.0.0',
    '[::]',
    '[::ffff:7f00:1]',
    '[::1].evil.test',
    '127.0.0.1.evil.test',
    '127.evil.test',
    '127.0.0.256',
    '128.0.0.1',
    '12.7.0.1',
    '10.0.0.1',
    '',
  ])('does not hold for %j', (hostname) => {
    expect(isLoopback(hostname)).toBe(false)
  })

  it.each([
    ['http://LOCALHOST', true],
    ['http://127.1', true],
    ['http://0x7f000001', true],
    ['http://[0:0:0:0:0:0:0:1]', true],
    ['http://user@localhost', true],
    ['http://localhost@evil.test', false],
    ['http://0', false],
  ])('sees %s as URL normalises it: %s', (text, expected) => {
    expect(isLoopback(new URL(text).hostname)).toBe(expected)
  })
})

describe('parseOrigin', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['HTTPS://API.Example.COM:443', 'https://api.example.com'],
    ['https://api.example.com:8443', 'https://api.example.com:8443'],
    ['https://bücher.test', 'https://xn--bcher-kva.test'],
    ['https://[2001:DB8::1]:8443', 'https://[2001:db8::1]:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:80/', 'http://127.0.0.1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    [new URL('https://api.example.com/'), 'https://api.example.com'],
  ])('normalises %s to %s', (value, origin) => {
    expect(parseOrigin(value, 'origins')).toBe(origin)
  })

  it.each([
    ['https://api.example.com/v1', 'https://api.example.com'],
    ['https://api.example.com//', 'https://api.example.com'],
    ['https://api.example.com?', 'https://api.example.com'],
    ['https://api.example.com?a=b', 'https://api.example.com'],
    ['https://api.example.com/#', 'https://api.example.com'],
    ['https://api.example.com#top', 'https://api.example.com'],
    [`https://me:${CANARY}@api.example.com`, 'https://api.example.com'],
    [`https://${CANARY}@api.example.com`, 'https://api.example.com'],
    [`https://:${CANARY}@api.example.com`, 'https://api.example.com'],
    [new URL(`https://me:${CANARY}@api.example.com`), 'https://api.example.com'],
    ['https://*.example.com', 'https://*.example.com'],
    ['ftp://api.example.com/x', 'ftp://api.example.com'],
    [`ws://me:${CANARY}@api.example.com/${CANARY}`, 'ws://api.example.com'],
  ])('refuses %s and shows the origin', (value, shown) => {
    const error = thrownBy(() => parseOrigin(value, 'origins[2]'), EverbearerError)
    expect(error).toMatchObject({ code: 'invalid_origin', retryable: false })
    expect(error.message).toContain('origins[2]')
    expect(error.message).toContain(shown)
    expect(error.message).not.toContain(CANARY)
  })

  it.each([
    '',
    'api.example.com',
    '//api.example.com',
    'https://',
    'https://exa mple.com',
    'https://api.example.com:99999',
    `https://me:${CANARY}@`,
    `https://me:${CANARY}/x@api.example.com`,
    `me:${CANARY}@api.example.com`,
    `data:${CANARY}`,
    'file:///etc/passwd',
    'null',
    undefined as unknown as string,
    null as unknown as string,
    {} as unknown as string,
  ])('refuses %j, which is not a web address, and does not repeat it', (value) => {
    const error = thrownBy(() => parseOrigin(value, 'origins'), EverbearerError)
    expect(error).toMatchObject({ code: 'invalid_origin' })
    expect(error.message).toMatch(/^origins (?:is not a URL\. Expected https:\/\/…|must begin with https:\/\/\.)$/)
  })

  it.each([
    ['http://api.example.com', 'http://api.example.com'],
    ['http://10.0.0.1:8080', 'http://10.0.0.1:8080'],
    ['http://0.0.0.0', 'http://0.0.0.0'],
    ['http://localhost.evil.test', 'http://localhost.evil.test'],
    [`http://me:${CANARY}@api.example.com/${CANARY}`, 'http://api.example.com'],
  ])('refuses plain http at %s', (value, shown) => {
    const error = thrownBy(() => parseOrigin(value, 'origins'), EverbearerError)
    expect(error).toMatchObject({ code: 'insecure_url', retryable: false })
    expect(error.message).toContain('origins')
    expect(error.message).toContain(`at ${shown} would`)
    expect(error.message).not.toContain(CANARY)
  })

  it.each(['/', '?', '#'])('shows no address in which a password with @ and %s may have become the host', (sign) => {
    const message = (scheme: string) =>
      thrownBy(() => parseOrigin(`${scheme}://me:p@ss${sign}word@host`, 'origins'), EverbearerError).message
    expect(message('https')).toBe('origins must be an origin alone, without credentials, path, query or fragment.')
    expect(message('http')).toMatch(/^origins would send credentials unencrypted\./)
    expect(message('ftp')).toBe('origins must begin with https://.')
  })

  it('asks about the normalised origin whether plain http is allowed there', () => {
    const asked: string[] = []
    const allow = (origin: string) => asked.push(origin) > 0
    expect(parseOrigin('HTTP://Api.Internal:80/', 'origins', allow)).toBe('http://api.internal')
    expect(parseOrigin('https://api.example.com', 'origins', allow)).toBe('https://api.example.com')
    expect(parseOrigin('http://localhost', 'origins', allow)).toBe('http://localhost')
    expect(asked).toEqual(['http://api.internal'])
    expect(() => parseOrigin('http://api.internal', 'origins', () => false)).toThrow(
      expect.objectContaining({ code: 'insecure_url' }),
    )
  })

  it('does not let an allowed http origin bring a path or credentials', () => {
    expect(() => parseOrigin('http://api.internal/v1', 'origins', () => true)).toThrow(
      expect.objectContaining({ code: 'invalid_origin' }),
    )
  })

  it('gives a normalised web origin or a typed error, for any text', () => {
    const address = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.string().map((text) => `https://${text}`),
    )
    fc.assert(
      fc.property(address, (text) => {
        try {
          const origin = parseOrigin(text, 'origins')
          expect(origin).toMatch(/^https?:\/\/[^/?#@]+$/)
          expect(parseOrigin(origin, 'origins')).toBe(origin)
        } catch (error) {
          expect(error).toBeInstanceOf(EverbearerError)
        }
      }),
    )
  })

  it('never shows a password, whatever it consists of', () => {
    const part = fc.string({ unit: 'binary-ascii', maxLength: 8 })
    fc.assert(
      fc.property(part, part, fc.constantFrom('https', 'http', 'ftp', 'x'), (before, after, scheme) => {
        const text = `${scheme}://me:${before}${CANARY}${after}@api.example.com`
        const error = thrownBy(() => parseOrigin(text, 'origins'), EverbearerError)
        expect(error.message).not.toMatch(/s3cr3t-canary/i)
      }),
      // A password with a bare @ and / moves into the host.
      {
        examples: [
          ['@', '/', 'https'],
          ['@', '/', 'http'],
          ['@', '/', 'x'],
          ['@', '?', 'ftp'],
          ['@', '#', 'https'],
        ],
      },
    )
  })
})

describe('parseEndpoint [R13]', () => {
  it.each([
    ['https://login.example.com/oauth/token', 'https://login.example.com/oauth/token'],
    ['https://login.example.com/token?x=1&y=%20', 'https://login.example.com/token?x=1&y=%20'],
    ['https://login.example.com', 'https://login.example.com/'],
    ['http://localhost:3000/token', 'http://localhost:3000/token'],
    ['http://[::1]/t', 'http://[::1]/t'],
    ['http://127.0.0.1/t', 'http://127.0.0.1/t'],
  ])('takes %s', (value, href) => {
    expect(parseEndpoint(value, 'tokenEndpoint').href).toBe(href)
  })

  it('copies a URL object', () => {
    const given = new URL('https://login.example.com/token')
    const endpoint = parseEndpoint(given, 'tokenEndpoint')
    expect(endpoint).not.toBe(given)
    expect(endpoint.href).toBe(given.href)
  })

  it.each([
    ['nonsense', 'invalid_option', 'not a URL'],
    [`https://:${CANARY}@`, 'invalid_option', 'not a URL'],
    [`me:${CANARY}`, 'invalid_option', 'must begin with https://'],
    ['file:///token', 'invalid_option', 'must begin with https://'],
    ['https://login.example.com/token#', 'invalid_option', 'fragment'],
    [`https://login.example.com/token#${CANARY}`, 'invalid_option', 'fragment'],
    [`https://me:${CANARY}@login.example.com/token`, 'invalid_option', 'user name or password'],
    [`https://${CANARY}@login.example.com/token`, 'invalid_option', 'user name or password'],
    [`https://:${CANARY}@login.example.com/token`, 'invalid_option', 'user name or password'],
    [`https://login.example.com/token?client_secret=${CANARY}`, 'invalid_option', 'client_secret'],
    [`https://login.example.com/token?a=b&client%5Fsecret=${CANARY}`, 'invalid_option', 'client_secret'],
    ['http://login.example.com/token', 'insecure_url', 'http://login.example.com'],
    [`http://me:${CANARY}@10.0.0.1/${CANARY}`, 'insecure_url', 'http://10.0.0.1'],
    ['http://0.0.0.0/t', 'insecure_url', 'http://0.0.0.0'],
    ['http://localhost.evil.test/t', 'insecure_url', 'http://localhost.evil.test'],
  ])('refuses %s with %s', (value, code, reason) => {
    const error = thrownBy(() => parseEndpoint(value, 'tokenEndpoint'), EverbearerError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^tokenEndpoint /)
    expect(error.message).toContain(reason)
    expect(error.message).not.toContain(CANARY)
  })

  it('takes plain http where that is allowed', () => {
    const endpoint = parseEndpoint('http://as.internal/t', 'tokenEndpoint', (origin) => origin === 'http://as.internal')
    expect(endpoint.href).toBe('http://as.internal/t')
  })
})

import { describe, expect, it } from '@jest/globals'
import { allowInsecure } from '../../src/base/allow-insecure.js'
import { AllowedOrigins, originOf } from '../../src/http/allowed-origins.js'
import { bearer } from '../../src/http/bearer.js'
import { createFetch } from '../../src/http/create-fetch.js'
import { staticToken } from '../../src/token/static-token.js'

describe('AllowedOrigins [R01]', () => {
  it.each([
    ['https://api.test', 'https://api.test', true],
    ['https://api.test', 'https://api.test:443', true],
    ['https://api.test', 'https://API.test/', true],
    ['https://api.test', new URL('https://api.test/path'), true],
    [new URL('https://api.test'), 'https://api.test', true],
    ['https://bücher.test', 'https://xn--bcher-kva.test', true],
    ['https://api.test', 'https://api.test:8443', false],
    ['https://api.test', 'http://api.test', false],
    ['https://api.test', 'https://api.test.', false],
    ['https://api.test', 'https://evil.test', false],
    ['https://api.test', 'https://api.test.evil.test', false],
    ['https://api.test', 'https://api.test@evil.test', false],
    ['https://api.test', 'https://sub.api.test', false],
    ['https://api.test', 'wss://api.test', false],
    ['http://127.0.0.1:80', 'http://[::ffff:127.0.0.1]', false],
    ['http://127.0.0.1:80', 'http://0x7f.1', true],
    ['https://api.test', '', false],
    ['https://api.test', 'api.test', false],
    ['https://api.test', 'null', false],
  ])('%s, asked for %s: %s', (listed, asked, expected) => {
    expect(new AllowedOrigins({ origins: [listed] }).has(asked)).toBe(expected)
  })

  it.each([
    ['https://api.test/', 'https://api.test'],
    ['https://api.test', 'https://api.test'],
    ['https://api.test?q=/', 'https://api.test'],
    ['https://api.test\\@evil.test/', 'https://api.test'],
    ['https://api.test/@evil.test/', 'https://api.test'],
    ['https://API.test:443/x', 'https://api.test'],
    [' https://api.test/', 'https://api.test'],
    ['https://api.test/\t\ud800 %', 'https://api.test'],
    ['https://api.test:8443/', 'https://api.test:8443'],
    ['https://api.test@evil.test/', 'https://evil.test'],
    ['https://api.test:@evil.test/', 'https://evil.test'],
    ['https://api.test:1@evil.test', 'https://evil.test'],
    ['https://api.test.evil.test/', 'https://api.test.evil.test'],
    ['https://api.testx', 'https://api.testx'],
    ['https:/api.test/', 'https://api.test'],
    ['https:///api.test/', 'https://api.test'],
    ['/things', undefined],
    ['https://', undefined],
    ['', undefined],
  ])('finds the origin of %p as a parser of URLs does', (url, expected) => {
    expect(new AllowedOrigins({ origins: ['https://api.test'] }).originOf(url)).toBe(expected)
    expect(URL.canParse(url) ? new URL(url).origin : undefined).toBe(expected)
  })

  it.each([['http://localhost:1', 'http://127.8.8.8', 'http://[::1]:8080', 'https://10.0.0.5']])(
    'takes https, and http on loopback',
    (...origins) => {
      expect(origins.every((origin) => new AllowedOrigins({ origins }).has(origin))).toBe(true)
    },
  )

  it('takes http elsewhere only where allowInsecure lists that very origin', () => {
    const origins = ['http://10.0.0.5:8080']
    expect(() => new AllowedOrigins({ origins })).toThrow(expect.objectContaining({ code: 'insecure_url' }))
    for (const other of ['http://10.0.0.5', 'http://10.0.0.5:8081', 'http://10.0.0.6:8080']) {
      const make = () => new AllowedOrigins({ origins, [allowInsecure]: [other] })
      expect(make).toThrow(expect.objectContaining({ code: 'insecure_url' }))
    }
    expect(new AllowedOrigins({ origins, [allowInsecure]: origins }).has('http://10.0.0.5:8080')).toBe(true)
  })

  it.each([
    [[], 'invalid_option'],
    [undefined, 'invalid_option'],
    ['https://api.test', 'invalid_option'],
    [['https://api.test/v2'], 'invalid_origin'],
    [['https://api.test?x'], 'invalid_origin'],
    [['https://user@api.test'], 'invalid_origin'],
    [['https://*.api.test'], 'invalid_origin'],
    [['api.test'], 'invalid_origin'],
    [['ftp://api.test'], 'invalid_origin'],
    [['http://localhost.evil.test'], 'insecure_url'],
    [['http://0.0.0.0'], 'insecure_url'],
    [['https://api.test', 'http://api.test'], 'insecure_url'],
  ])('%j is refused with %s, by bearer and createFetch alike', (origins, code) => {
    for (const make of [bearer, createFetch]) {
      const call = () => make(staticToken('x'), { origins: origins as string[] })
      expect(call).toThrow(expect.objectContaining({ name: 'EverbearerError', code }))
    }
  })

  it('does not see what is done to the list later', () => {
    const origins = ['https://api.test']
    const allowed = new AllowedOrigins({ origins })
    origins.push('https://evil.test')
    expect(allowed.has('https://evil.test')).toBe(false)
  })
})

describe('originOf', () => {
  it('gives the normal form, and null for what is no origin', () => {
    expect([originOf('HTTPS://A.test:443/x'), originOf(new URL('http://a.test/x')), originOf('x')]).toEqual([
      'https://a.test',
      'http://a.test',
      'null',
    ])
  })
})

describe('maxReplayBytes', () => {
  it.each([-1, NaN, 'x'])('of %s is refused, by bearer and createFetch alike', (maxReplayBytes) => {
    for (const make of [bearer, createFetch]) {
      const options = { origins: ['https://api.test'], maxReplayBytes: maxReplayBytes as number }
      expect(() => make(staticToken('x'), options)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    }
  })

  it.each([0, 1, Infinity])('may be %d', (maxReplayBytes) => {
    const options = { origins: ['https://api.test'], maxReplayBytes }
    expect(() => [bearer(staticToken('x'), options), createFetch(staticToken('x'), options)]).not.toThrow()
  })

  it.each(['http://10.0.0.5/', 'http://10.0.0.5:80', 'HTTP://10.0.0.5'])('takes %s in both lists', (origin) => {
    const allowed = new AllowedOrigins({ origins: [origin], [allowInsecure]: [origin] })
    expect(allowed.has('http://10.0.0.5')).toBe(true)
  })

  it('takes a list of insecure origins only: a text would match by a part of it', () => {
    const make = () =>
      new AllowedOrigins({ origins: ['http://10.0.0.5'], [allowInsecure]: 'http://10.0.0.5:8080' as never })
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})

it('names the origin that is undefined by its place', () => {
  const origins = ['https://api.test', undefined as never]
  expect(() => new AllowedOrigins({ origins })).toThrow('Option `origins[1]` is undefined')
})

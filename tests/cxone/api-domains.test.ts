import { describe, expect, it } from '@jest/globals'
import { EverbearerError } from '../../src/base/errors.js'
import { mayBeApi, parseApiDomains } from '../../src/cxone/api-domains.js'
import { thrownBy } from '../protocol/thrown-by.js'

const ISSUER = 'https://cxone.niceincontact.com'
const LOCAL = 'http://127.0.0.1:8080'

/** As `parseOrigin` spells it. */
const isTrusted = (url: string, issuer = ISSUER, domains?: readonly string[]) =>
  mayBeApi(new URL(url).origin, issuer, parseApiDomains(domains))

describe('mayBeApi [R40]', () => {
  it.each([
    'https://api-na1.niceincontact.com',
    'https://api-c42.nice-incontact.com',
    'https://API-NA1.NiceInContact.COM:443',
    'https://api-na1.niceincontact.com:8443',
    'https://niceincontact.com',
    'https://nicecxone-sov1.eu',
    'https://api.nicecxone-sov1.au',
  ])('accepts %s, which is under a domain of NICE', (url) => {
    expect(isTrusted(url)).toBe(true)
  })

  it.each([
    'https://evilniceincontact.com',
    'https://api-na1-niceincontact.com',
    'https://niceincontact.com.evil.test',
    'https://api-na1.niceincontact.com.',
    'https://niceincontact.com@evil.test',
    'https://evil.test/niceincontact.com',
    'https://evil.test#.niceincontact.com',
    'https://nicecxone-sov1.com',
    'https://sov1.eu',
    'https://xn--niceincontct-hcb.com',
    'https://api.niceinc\u043entact.com',
    'https://203.0.113.7',
    'https://2130706433',
    'https://0.0.0.0',
    'https://[2001:db8::1]',
    'https://10.0.0.1',
    'https://127.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://localhost',
    LOCAL,
  ])('does not accept %s', (url) => {
    expect(isTrusted(url)).toBe(false)
  })

  it("accepts the issuer's own origin, which has the token already, and no other of the caller's issuer", () => {
    expect(isTrusted('https://cxone.example.com', 'https://cxone.example.com/tenant')).toBe(true)
    expect(isTrusted('https://cxone.example.com:8443', 'https://cxone.example.com')).toBe(false)
    expect(isTrusted('https://api.example.com', 'https://example.com')).toBe(false)
  })

  it.each(['http://127.0.0.1:9090', 'http://localhost:9090', 'http://[::1]:9090', 'https://127.0.0.2'])(
    'accepts %s if the issuer is on loopback',
    (url) => {
      expect(isTrusted(url, LOCAL)).toBe(true)
    },
  )

  it.each(['https://api.example.com', 'https://10.0.0.1', 'https://0.0.0.0', 'https://localhost.evil.test'])(
    'does not accept %s although the issuer is on loopback',
    (url) => {
      expect(isTrusted(url, LOCAL)).toBe(false)
    },
  )

  it('accepts what is under a domain that the caller lists, whatever its spelling, and still what is under those of NICE', () => {
    const domains = ['API.Example.com', 'b\u00fccher.example']
    expect(isTrusted('https://api.example.com', ISSUER, domains)).toBe(true)
    expect(isTrusted('https://eu.api.example.com', ISSUER, domains)).toBe(true)
    expect(isTrusted('https://api.xn--bcher-kva.example', ISSUER, domains)).toBe(true)
    expect(isTrusted('https://api-na1.niceincontact.com', ISSUER, domains)).toBe(true)
    expect(isTrusted('https://example.com', ISSUER, domains)).toBe(false)
    expect(isTrusted('https://evilapi.example.com', ISSUER, domains)).toBe(false)
  })
})

describe('parseApiDomains', () => {
  it.each([
    'example.com',
    ['com'],
    ['localhost'],
    [''],
    ['.example.com'],
    ['*.example.com'],
    ['example.com.'],
    ['https://example.com'],
    ['example.com:8443'],
    ['me@example.com'],
    ['example.com?x'],
    ['127.0.0.1'],
    ['2130706433'],
    ['[::1]'],
    [5],
    [['example.com']],
    [undefined],
  ])('rejects %j as `apiDomains`', (domains) => {
    const error = thrownBy(() => parseApiDomains(domains as string[]), EverbearerError)
    expect(error).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('`apiDomains`') })
  })
})

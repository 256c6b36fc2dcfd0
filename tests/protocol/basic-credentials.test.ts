import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { basicCredentials } from '../../src/protocol/basic-credentials.js'

const decode = (header: string) => Buffer.from(header.slice('Basic '.length), 'base64').toString()

describe('basicCredentials', () => {
  it.each([
    // RFC 6749 section 2.3.1
    ['s6BhdRkqt3', '7Fjfp0ZBr1KtDRbnfVdmIw', 'Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'],
    ['', '', 'Basic Og=='],
  ])('joins %j and %j to %s', (clientId, clientSecret, header) => {
    expect(basicCredentials(clientId, clientSecret)).toBe(header)
  })

  it('encodes each half before the colon joins them', () => {
    expect(decode(basicCredentials('a:b c+é%', "£€&+%:~!*'()"))).toBe(
      'a%3Ab+c%2B%C3%A9%25:%C2%A3%E2%82%AC%26%2B%25%3A%7E%21*%27%28%29',
    )
  })

  it('joins them as they are by RFC 7617', () => {
    expect(decode(basicCredentials('a b+é%', ' £€&+%:~', 'rfc7617'))).toBe('a b+é%: £€&+%:~')
  })

  it('is one header value from which a server gets both halves back', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(text, text, (clientId, clientSecret) => {
        const header = basicCredentials(clientId, clientSecret)
        expect(header).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
        const halves = decode(header).split(':')
        expect(halves.map((half) => new URLSearchParams(`value=${half}`).get('value'))).toEqual([
          clientId,
          clientSecret,
        ])
      }),
    )
  })
})

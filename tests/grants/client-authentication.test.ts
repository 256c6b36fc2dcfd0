import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CLIENT_AUTHENTICATION, clientProof } from '../../src/grants/client-authentication.js'

const { client_secret_basic: basic, client_secret_post: post } = CLIENT_AUTHENTICATION

function decode(authorization: string): string[] {
  const [scheme, credentials = ''] = authorization.split(' ')
  expect(scheme).toBe('Basic')
  return Buffer.from(credentials, 'base64')
    .toString()
    .split(':')
    .map((half) => new URLSearchParams(`v=${half}`).get('v') ?? '')
}

describe('client_secret_basic', () => {
  it('form-encodes both halves before it joins them', () => {
    const { headers, parameters } = basic('a:b c+é%', ' %&+£€')
    expect(headers['authorization']).toBe(
      `Basic ${Buffer.from('a%3Ab+c%2B%C3%A9%25:+%25%26%2B%C2%A3%E2%82%AC').toString('base64')}`,
    )
    expect(parameters).toEqual([])
  })

  it('arrives as it was meant, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (id, secret) => {
        expect(decode(basic(id, secret).headers['authorization']!)).toEqual([id, secret])
      }),
    )
  })
})

describe('client_secret_post', () => {
  it('puts both into the body and nothing into the headers', () => {
    expect(post('id', 's&=')).toMatchObject({
      headers: {},
      parameters: [
        ['client_id', 'id'],
        ['client_secret', 's&='],
      ],
    })
  })
})

describe.each([
  ['client_secret_basic', basic],
  ['client_secret_post', post],
])('%s', (_, method) => {
  it('names each spelling in which the secret leaves', () => {
    const { headers, secrets } = method('id', 'a b')
    expect(secrets).toEqual(expect.arrayContaining(['a b']))
    for (const value of Object.values(headers)) expect(secrets).toContain(value.split(' ')[1])
  })
})

describe('clientProof', () => {
  it('is by client_secret_basic unless told otherwise, with the secret as it is now', async () => {
    const secrets = ['one', 'two']
    const prove = clientProof({ clientId: 'id', clientSecret: () => secrets.shift()! })
    for (const secret of ['one', 'two'])
      expect(decode((await prove()).headers['authorization']!)).toEqual(['id', secret])
  })

  it('is by the method that was named', async () => {
    const prove = clientProof({ clientId: 'id', clientSecret: 's', clientAuthentication: 'client_secret_post' })
    expect(await prove()).toEqual(post('id', 's'))
  })

  it.each([
    { clientId: '' },
    { clientSecret: '' },
    { clientAuthentication: 'none' },
    { clientAuthentication: 'toString' },
  ])('refuses %j', (wrong) => {
    const client = { clientId: 'id', clientSecret: 's', ...wrong } as never
    expect(() => clientProof(client)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})

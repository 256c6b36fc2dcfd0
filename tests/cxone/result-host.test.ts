import { describe, expect, test } from '@jest/globals'
import type { LookupAddress } from 'node:dns'
import { resolvedKinds, resultLookup } from '../../src/cxone/result-host.js'
import { resolveTo } from './resolve-to.js'

const ORIGIN = 'https://files.example.com'

/** What the lookup of a connection finds, as `net.connect` calls it. */
function find(addresses: readonly string[], api: readonly string[], all = true): Promise<unknown> {
  resolveTo({ 'files.example.com': addresses, 'api.example.com': api })
  const lookup = resultLookup(ORIGIN, resolvedKinds('https://api.example.com'))
  return new Promise((resolve, reject) =>
    lookup('files.example.com', { all }, (error, found, family) => (error ? reject(error) : resolve([found, family]))),
  )
}

const addressesOf = async (found: Promise<unknown>) =>
  ((await found) as [LookupAddress[]])[0].map(({ address }) => address)

describe('the lookup of a result host [R41]', () => {
  test('returns public addresses as they are', async () => {
    expect(await find(['203.0.113.7', '2001:db8::7'], [])).toEqual([
      [
        { address: '203.0.113.7', family: 4 },
        { address: '2001:db8::7', family: 6 },
      ],
      undefined,
    ])
  })

  test('returns one address where one is wanted', async () => {
    expect(await find(['203.0.113.7', '203.0.113.8'], [], false)).toEqual(['203.0.113.7', 4])
  })

  test('leaves out addresses that are not public', async () => {
    const found = find(['10.0.0.1', '203.0.113.7', '::1'], ['203.0.113.1'])
    expect(await addressesOf(found)).toEqual(['203.0.113.7'])
  })

  test('keeps those of a kind that the API has too, and no others', async () => {
    const found = find(['10.0.0.1', '127.0.0.1', '169.254.169.254'], ['203.0.113.1', '192.168.7.7'])
    expect(await addressesOf(found)).toEqual(['10.0.0.1'])
  })

  test('rejects if no address is left', async () => {
    await expect(find(['169.254.169.254'], ['10.0.0.1'])).rejects.toMatchObject({
      code: 'unsafe_link',
      message: expect.stringContaining('link-local'),
    })
  })

  test('rejects with the error of a name that does not resolve, also if it is the name of the API', async () => {
    resolveTo({ 'files.example.com': ['10.0.0.1'] })
    const lookup = resultLookup(ORIGIN, resolvedKinds('https://api.example.com'))
    for (const name of ['gone.example.com', 'files.example.com']) {
      const found = new Promise((resolve) => lookup(name, {}, resolve))
      expect(await found).toMatchObject({ code: 'ENOTFOUND' })
    }
  })
})

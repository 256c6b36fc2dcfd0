import { describe, expect, it } from '@jest/globals'
import { addressKind, hostKind } from '../../src/protocol/address-kind.js'

describe('addressKind', () => {
  it.each([
    ['loopback', '127.0.0.0', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1'],
    ['private', '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
    ['private', '100.64.0.0', '100.127.255.255', '::ffff:10.0.0.1', '::ffff:a00:1', '64:ff9b::192.168.0.1'],
    ['private', 'fc00::1', 'fdff:ffff::1', 'fec0::1', '64:ff9b:1::1', 'FD00::1'],
    ['link-local', '169.254.0.0', '169.254.169.254', 'fe80::1', 'febf::1', 'fe80::1%eth0', '::ffff:169.254.169.254'],
    ['unspecified', '0.0.0.0', '0.255.255.255', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0', '64:ff9b::'],
    ['reserved', '192.0.0.1', '198.18.0.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ['reserved', 'ff02::1', '::127.0.0.1', '::ffff:0:127.0.0.1', '2001:0:7f00:1::', '2002:7f00:1::', '2002:a00:1::'],
  ])('is %s for %s and its like', (kind, ...addresses) => {
    for (const address of addresses) expect([address, addressKind(address)]).toEqual([address, kind])
  })

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2600:9000::1',
    '2a05:d050::1',
    'fbff::1',
    'files.example.com',
    '',
  ])('is undefined for %s', (address) => {
    expect(addressKind(address)).toBeUndefined()
  })
})

describe('hostKind', () => {
  it.each([
    ['https://127.1', 'loopback'],
    ['https://[::1]', 'loopback'],
    ['https://[::ffff:10.0.0.1]', 'private'],
    ['https://0', 'unspecified'],
    ['https://localhost', 'loopback'],
    ['https://LOCALHOST.', 'loopback'],
    ['https://a.b.localhost', 'loopback'],
    ['https://mylocalhost', undefined],
    ['https://localhost.example.com', undefined],
    ['https://127.0.0.1.example.com', undefined],
    ['https://8.8.8.8', undefined],
  ])('of %s is %s', (url, kind) => {
    expect(hostKind(new URL(url).hostname)).toBe(kind)
  })
})

import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Where an address leads that is not on the public internet. */
export type AddressKind = 'loopback' | 'private' | 'link-local' | 'unspecified' | 'reserved'

/**
 * Lists the subnets of each kind, as in IANA's special-purpose address registries. The first kind that matches counts.
 * The last four embed IPv4 addresses in ways that are deprecated, such as 6to4 (RFC 7526). No public service needs them.
 */
const SUBNETS: Readonly<Record<AddressKind, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: [
    ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
    ...['fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
  ],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  unspecified: ['0.0.0.0/8', '::/128'],
  reserved: [
    ...['192.0.0.0/24', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'],
    ...['::/96', '::ffff:0:0:0/96', '2001::/32', '2002::/16'],
  ],
}

const LISTS = Object.entries(SUBNETS).map(([kind, subnets]) => ({
  kind: kind as AddressKind,
  list: blockList(subnets),
}))

/** Returns the kind of an IP address, of IPv4 also as IPv6 embeds it; undefined for a public address and for any other text. */
export function addressKind(address: string): AddressKind | undefined {
  if (isIP(address) === 0) return undefined
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  return LISTS.find(({ list }) => list.check(address, family))?.kind
}

/**
 * Returns the kind of a host, as `URL.hostname` spells it, without asking DNS: undefined for a public address, and for any
 * name but those that end with `localhost` (RFC 6761 section 6.3).
 */
export function hostKind(hostname: string): AddressKind | undefined {
  if (/(?:^|\.)localhost\.?$/.test(hostname)) return 'loopback'
  return addressKind(hostname.replace(/^\[|\]$/g, ''))
}

/** A BlockList knows `::ffff:127.0.0.1` by itself, and not the addresses of NAT64 (RFC 6052 section 2.1). */
function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const slash = subnet.indexOf('/')
    const [network, length] = [subnet.slice(0, slash), Number(subnet.slice(slash + 1))]
    if (isIPv6(network)) list.addSubnet(network, length, 'ipv6')
    else {
      list.addSubnet(network, length, 'ipv4')
      list.addSubnet(`64:ff9b::${network}`, 96 + length, 'ipv6')
    }
  }
  return list
}

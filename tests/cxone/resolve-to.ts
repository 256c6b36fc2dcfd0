import { afterEach, jest } from '@jest/globals'
import dns from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'

type Found = (error: Error | null, addresses: LookupAddress[]) => void

afterEach(() => void jest.restoreAllMocks())

/** Resolves these names (listening resolves too, so it comes before) for the rest of the test, and no other: no test asks a real resolver. */
export function resolveTo(names: Readonly<Record<string, readonly string[]>>) {
  const lookup = (name: string, _options: LookupOptions, found: Found) => {
    const addresses = isIP(name) ? [name] : names[name]
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
    })
    setImmediate(() =>
      addresses
        ? found(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          )
        : found(error, []),
    )
  }
  return jest.spyOn(dns, 'lookup').mockImplementation(lookup as never)
}

// The token cycler inside bearerTokenAuthenticationPolicy, which is not exported.
import type { Hosts } from '../hosts.js'
import { tokenFrom } from '../token-from.js'

interface Cycler {
  createTokenCycler(credential: object): (scopes: string, options: object) => Promise<unknown>
}

export async function getter(hosts: Hosts) {
  const entry = import.meta.resolve('@azure/core-rest-pipeline')
  const { createTokenCycler } = (await import(new URL('./util/tokenCycler.js', entry).href)) as Cycler
  const getToken = async () => {
    const { token, until } = await tokenFrom(hosts)
    return { token, expiresOnTimestamp: until }
  }
  const cycle = createTokenCycler({ getToken })
  const options = {}
  return { get: () => cycle('all', options), isAwaited: true }
}

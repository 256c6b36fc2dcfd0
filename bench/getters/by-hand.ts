// What people write: a variable, and when it ends.
import type { Hosts } from '../hosts.js'
import { tokenFrom } from '../token-from.js'
import type { TokenByHand } from '../token-from.js'

export function getter(hosts: Hosts) {
  let kept: TokenByHand | undefined
  const get = async () => {
    if (kept === undefined || kept.until <= Date.now()) kept = await tokenFrom(hosts)
    return kept.token
  }
  return { get, isAwaited: true }
}

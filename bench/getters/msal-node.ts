import type { Hosts } from '../hosts.js'
import { microsoftTokens } from '../microsoft-tokens.js'

export const getter = (hosts: Hosts) => ({ get: microsoftTokens(hosts), isAwaited: true })

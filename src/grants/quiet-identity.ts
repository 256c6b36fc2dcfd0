import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'

import type { GrantIdentity } from '../token/grant.js'

/**
 * An identity that keeps to itself what may be secret, the values of its parameters and of its endpoint's query, when it
 * is printed or turned into JSON. Two are compared by their members, which are all there.
 */
export function quietIdentity(members: GrantIdentity): GrantIdentity {
  const { origin, pathname, search } = new URL(members.tokenEndpoint)
  const hidden = Object.keys(members.parameters).map((name) => [name, '[redacted]'])
  const shown = {
    ...members,
    tokenEndpoint: origin + pathname + (search === '' ? '' : '?[redacted]'),
    parameters: Object.fromEntries(hidden) as GrantIdentity['parameters'],
  }
  return Object.defineProperties(
    { ...members },
    {
      toJSON: { value: () => shown },
      [inspect.custom]: { value: (_depth: number, options: InspectOptions) => inspect(shown, options) },
    },
  )
}

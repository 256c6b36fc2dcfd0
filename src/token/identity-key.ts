import { createHash } from 'node:crypto'

import { ownMembers } from '../base/own-members.js'
import type { GrantIdentity } from './grant.js'

/**
 * A name for an identity where many live together: 64 hexadecimal digits, the same for two if and only if all their
 * members are. It tells nothing of them, so that it may be a file's name or be seen in a log.
 */
export function identityKey(identity: GrantIdentity): string {
  const { tokenEndpoint, clientId, grantType, scope, audience, resource, parameters, subject, confirmation } =
    ownMembers(identity)
  // A list of fixed length: no value can pass for the end of one and the beginning of the next.
  const members = [
    tokenEndpoint,
    clientId,
    grantType,
    [...scope].sort(),
    audience ?? null,
    [...resource].sort(),
    Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1)),
    subject ?? null,
    confirmation ?? null,
  ]
  return createHash('sha256').update(JSON.stringify(members)).digest('hex')
}

import { ApiRefusal } from './responses.js'

/** Genesys refuses a body with a member that it does not know. */
export function refuseUnknownMembers(path: string, value: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ApiRefusal(400, 'invalid.property', `The property [${unknown}] of ${path} is not known.`)
}

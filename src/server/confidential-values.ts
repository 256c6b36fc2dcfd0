import type { GrantIdentity } from '../token/grant.js'

/** A shorter value is no secret, and hiding it would blot out the server's words. */
const MIN_SECRET = 8

/** What may be as secret as the client's secret, and be quoted too. */
export function confidentialValues(url: URL, { parameters }: Pick<GrantIdentity, 'parameters'>): readonly string[] {
  return [...secretQuery(url), ...Object.values(parameters).filter(mayBeSecret)]
}

export function secretQuery({ searchParams }: URL): readonly string[] {
  return [...searchParams.values()].filter(mayBeSecret)
}

export function mayBeSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length >= MIN_SECRET
}

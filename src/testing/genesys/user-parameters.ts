import { invalidValue, notModelled } from './responses.js'
import { listParameter } from './paging.js'

/** What can be asked for beside the usual members. Genesys gives what it has: not every one of these yields something. */
const EXPANSIONS = [
  'routingStatus presence integrationPresence conversationSummary outOfOffice geolocation station authorization',
  'lasttokenissued authorization.unusedRoles team workPlanBidRanks profileSkills externalContactsSettings groups',
  'customAttributes certifications locations skills languages languagePreference employerInfo biography',
  'dateLastLogin dateWelcomeSent',
].flatMap((line) => line.split(' '))

const DESCENDING: Readonly<Record<string, boolean>> = { asc: false, ascending: false, desc: true, descending: true }
const UNMODELLED = ['jabberId', 'integrationPresenceSource', 'userCustomAttributeSchemaIds']

export const USER_STATES = ['active', 'inactive', 'deleted', 'any']

/** Throws 400 for a parameter that is real, and would have to be left out of account. */
export function refuseUnmodelledParameters(url: URL): void {
  const unmodelled = UNMODELLED.find((name) => url.searchParams.has(name))
  if (unmodelled !== undefined) throw notModelled(`The parameter ${unmodelled}`)
}

/** The names in `expand`, all of them known. */
export function expansionsOf(url: URL): Set<string> {
  return knownExpansions(listParameter(url, 'expand'))
}

export function knownExpansions(names: readonly string[]): Set<string> {
  for (const name of names) if (!EXPANSIONS.includes(name)) throw invalidValue('expand', name, EXPANSIONS)
  return new Set(names)
}

/** Whether `sortOrder` asks for the last one first. */
export function isDescending(url: URL): boolean {
  return DESCENDING[oneOf(url, 'sortOrder', Object.keys(DESCENDING), 'asc')] ?? false
}

/** A parameter with a closed list of values, in whatever case. */
export function oneOf(url: URL, name: string, values: readonly string[], fallback: string): string {
  const value = (url.searchParams.get(name) ?? fallback).toLowerCase()
  if (!values.includes(value)) throw invalidValue(name, value, values)
  return value
}

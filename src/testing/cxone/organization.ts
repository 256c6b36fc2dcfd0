/** Something with a number and a name. */
export interface Numbered {
  readonly id: number
  readonly name: string
}

type Some<T> = readonly [T, ...T[]]

function numbered(first: number, [head, ...rest]: Some<string>): Some<Numbered> {
  return [{ id: first, name: head }, ...rest.map((name, index) => ({ id: first + 1 + index, name }))]
}

export const BUSINESS_UNIT = 4_600_123

/** What agents and contacts refer to. */
export const TEAMS = numbered(600_001, ['Default Team', 'North', 'South', 'Night'])
export const CAMPAIGNS = numbered(300_001, ['Service', 'Sales', 'Collections'])
export const SKILLS = numbered(200_001, ['Support', 'Billing', 'Returns', 'Claims', 'Retention', 'New Business', 'Web'])
export const POINTS_OF_CONTACT = numbered(100_001, ['Main number', 'Service number', 'Website', 'Mailbox'])
export const TAGS = numbered(50_001, ['Complaint', 'Praise', 'Escalation'])
export const DISPOSITIONS = numbered(1, ['Resolved', 'Call back', 'Sale', 'No sale', 'Wrong number'])

/** The month that the simulated organization is asked for, and the day on which it is asked: both fixed, as is its seed. */
export const SIMULATED_MONTH = '2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z'
export const SIMULATED_NOW = new Date('2026-02-01T06:00:00.000Z')

/** A simulated organization has no other clients to be polite to. */
export const SIMULATED_PACE = { requestsPerMinute: 6_000 }

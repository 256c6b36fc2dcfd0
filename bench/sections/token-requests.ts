import type { Asked, Calls, Outcome, Weather } from '../bad-day.js'
import { Child } from '../children.js'
import type { Hosts } from '../hosts.js'
import { exactly, row } from '../row.js'
import type { Row } from '../row.js'
import type { Section } from '../section.js'
import { requestsInADay } from '../token-day.js'

const GETTERS = ['get-token', 'core-rest-pipeline', 'google-auth-library', 'oauth2-client', 'msal-node']
const CLIENTS = ['bearer', 'create-fetch', 'undici-oidc-interceptor', 'google-auth-library', 'axios-auth-refresh']
const OURS = ['get-token', 'bearer', 'create-fetch']

/** What happens to a library, and what it is called for meanwhile. */
interface BadDay {
  readonly name: string
  readonly kind: 'getter' | 'client'
  readonly libraries: readonly string[]
  /** Before it, the library has had a token. */
  readonly isWarm: boolean
  readonly weather: Weather
  readonly calls: Calls
  /** What everbearer promises; a failing server's count is what its cool-down makes it. */
  readonly bar?: number
}

const HOUR = { lifetime: 3600 }
const PER_SECOND = 1_000

const BAD_DAYS: readonly BadDay[] = [
  {
    name: 'cold herd of 10,000',
    kind: 'getter',
    libraries: GETTERS,
    isWarm: false,
    weather: HOUR,
    calls: { calls: 10_000, how: 'at once' },
    bar: 1,
  },
  {
    name: 'revoked herd of 100',
    kind: 'client',
    libraries: CLIENTS,
    isWarm: true,
    weather: { ...HOUR, isRevoked: true },
    calls: { calls: 100, how: 'at once' },
    bar: 1,
  },
  {
    name: '50 staggered 401s',
    kind: 'client',
    libraries: CLIENTS,
    isWarm: true,
    weather: { ...HOUR, isRevoked: true, between401s: 20 },
    calls: { calls: 50, how: 'at once' },
    bar: 1,
  },
  {
    name: `503 for 10 s, ${PER_SECOND} calls a second`,
    kind: 'getter',
    libraries: GETTERS,
    isWarm: false,
    weather: { ...HOUR, isFailing: true },
    calls: { calls: 10 * PER_SECOND, how: { perSecond: PER_SECOND } },
  },
  {
    name: 'lifetimes of 299 s, 100 calls in a row',
    kind: 'getter',
    libraries: GETTERS,
    isWarm: false,
    weather: { lifetime: 299 },
    calls: { calls: 100, how: 'one after the other' },
    bar: 1,
  },
]

/** Of tokens that live 299 s and are renewed after 80 % of that. */
const MAX_IN_A_DAY = Math.ceil(86_400 / (0.8 * 299))

/** What one library asks for on a bad day. */
async function live({ kind, isWarm, weather, calls }: BadDay, library: string): Promise<Asked & Outcome> {
  await using servers = new Child('bad-day-servers', [])
  const hosts = await servers.next<Hosts>()
  await using client = new Child('bad-day', [kind, library, JSON.stringify(hosts)])
  await client.next()
  if (isWarm) await client.ask<Outcome>({ calls: 1, how: 'at once' } satisfies Calls)
  await servers.ask<Asked>(weather)
  const outcome = await client.ask<Outcome>(calls)
  const asked = await servers.ask<Asked>(HOUR)
  return { ...outcome, ...asked }
}

async function rowOf(day: BadDay, library: string, times: number): Promise<Row> {
  const lives: (Asked & Outcome)[] = []
  for (let i = 0; i < times; i++) lives.push(await live(day, library))
  const failed = Math.max(...lives.map((one) => one.failed))
  const promised = OURS.includes(library) && day.bar !== undefined ? { bar: day.bar } : {}
  // The most of the runs: what was asked for once too often once is not forgiven by a median.
  const most = Math.max(...lives.map((one) => one.tokenRequests))
  return row('token-requests', `${day.name}: ${library}`, exactly(most), {
    ...promised,
    unit: 'requests',
    detail: failed === 0 ? '' : `${failed} of ${day.calls.calls} calls failed`,
  })
}

export const tokenRequests: Section = {
  name: 'token-requests',
  title: 'Token requests on bad days',

  async run({ pairs }) {
    const rows: Row[] = []
    for (const day of BAD_DAYS) {
      // Counts hardly differ: what takes ten seconds is done once.
      const times = typeof day.calls.how === 'object' ? 1 : Math.min(pairs, 5)
      for (const library of day.libraries) rows.push(await rowOf(day, library, times))
    }
    const inADay = row(
      'token-requests',
      'a day of lifetimes of 299 s, one call a second: get-token',
      exactly(await requestsInADay(299)),
      {
        bar: MAX_IN_A_DAY,
        unit: 'requests',
      },
    )
    return { rows: [...rows, inADay], raw: rows }
  },
}

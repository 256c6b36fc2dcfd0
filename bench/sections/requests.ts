import { Child, Children, LANES } from '../children.js'
import type { LaneName } from '../children.js'
import type { Cost, Work } from '../cost.js'
import type { Hosts } from '../hosts.js'
import { row } from '../row.js'
import type { Promised, Row } from '../row.js'
import type { Section } from '../section.js'
import { estimate } from '../statistics.js'
import { figure } from '../table.js'
import { inTurns } from '../turns.js'

/** Clients that take turns, and which of them is compared with which. */
interface Group {
  readonly lane: LaneName
  readonly method: Work['method']
  /** For so many milliseconds first, until the compiler has little more to do. */
  readonly warmUp: number
  readonly compared: readonly (readonly [client: string, base: string, Promised?])[]
}

/** Where hundredths count. */
const NEAR = 2_000
const FAR = 1_000

const FETCHES = [['create-fetch', 'fetch', { bar: 1.05 }]] as const

const GROUPS: readonly Group[] = [
  {
    lane: 'Node 24, undici 8',
    method: 'GET',
    warmUp: NEAR,
    compared: [
      ['bearer', 'undici', { bar: 1.03 }],
      ['no-op-interceptor', 'undici'],
      ['bearer', 'undici-oidc-interceptor', { bar: 0.9 }],
      ...FETCHES,
    ],
  },
  {
    lane: 'Node 24, undici 8',
    method: 'POST',
    warmUp: NEAR,
    compared: [['bearer', 'undici', { bar: 1.03 }], ...FETCHES],
  },
  {
    lane: 'Node 20, undici 7',
    method: 'GET',
    warmUp: NEAR,
    compared: [
      ['bearer', 'no-op-interceptor', { bar: 1.1 }],
      ['bearer', 'undici'],
      ['no-op-interceptor', 'undici'],
      ['bearer', 'undici-oidc-interceptor', { bar: 0.9 }],
      ...FETCHES,
      ['fetch-with-dispatcher', 'fetch'],
    ],
  },
  {
    lane: 'Node 20, undici 7',
    method: 'POST',
    warmUp: NEAR,
    compared: [['bearer', 'no-op-interceptor', { bar: 1.1 }], ...FETCHES],
  },
  {
    lane: 'Node 20, undici 7',
    method: 'GET',
    warmUp: FAR,
    compared: [
      ['bearer', 'google-auth-library', { bar: 0.25 }],
      ['bearer', 'axios-auth-refresh', { bar: 0.25 }],
      ['bearer', 'core-rest-pipeline'],
      ['bearer', 'oauth2-client'],
      ['bearer', 'openid-client'],
      ['bearer', 'msal-node'],
      ['bearer', 'genesys-sdk'],
    ],
  },
]

const clientsOf = ({ compared }: Group) => [...new Set(compared.flatMap(([client, base]) => [base, client]))]

/** Those that take ten times as long. */
const SLOW = clientsOf(GROUPS.at(-1)!).filter((client) => client !== 'bearer')

/** A tenth of a second, with some garbage collections in it. */
const requestsOf = (client: string) => (SLOW.includes(client) ? 400 : client.includes('fetch') ? 700 : 2_000)
/** How often each has its turn in a pair: a machine that is slower for some seconds is so for all of a group. */
const TURNS = 5

/** What one request cost each client, in each turn of each pair. */
type Costs = Record<string, Cost[][]>

/** Processes of one program differ by some percent, by what their compiler happened to do: each pair has its own. */
async function measure(group: Group, hosts: string): Promise<Record<string, Cost[]>> {
  const { lane, method, warmUp } = group
  await using children = new Children()
  const measures: Record<string, () => Promise<Cost>> = {}
  for (const client of clientsOf(group)) {
    const child = children.add(new Child('client', [client, hosts], LANES[lane]))
    await child.next()
    const requests = requestsOf(client)
    measures[client] = async () => {
      const { cpu, wall } = await child.ask<Cost>({ method, requests } satisfies Work)
      return { cpu: cpu / requests, wall: wall / requests }
    }
    const warm = performance.now() + warmUp
    while (performance.now() < warm) await measures[client]()
  }
  return await inTurns(measures, TURNS)
}

const medianOf = (samples: readonly number[]) => estimate(samples).median

export const requests: Section = {
  name: 'requests',
  title: 'CPU time of the client for each request, 64 connections',

  async run({ pairs }) {
    await using servers = new Child('servers', [])
    const hosts = JSON.stringify(await servers.next<Hosts>())
    const costs = GROUPS.map((): Costs => ({}))
    for (let pair = 0; pair < pairs; pair++) {
      for (const [i, group] of GROUPS.entries()) {
        for (const [client, turns] of Object.entries(await measure(group, hosts)))
          (costs[i]![client] ??= []).push(turns)
      }
    }
    const rows = GROUPS.flatMap((group, i) => group.compared.map((compared) => rowOf(group, costs[i]!, compared)))
    return { rows, raw: GROUPS.map(({ lane, method }, i) => ({ lane, method, costs: costs[i] })) }
  },
}

function rowOf({ lane, method }: Group, costs: Costs, [client, base, promised]: Group['compared'][number]): Row {
  const both = [client, base].map((one) => costs[one]!)
  const [cpu, baseCpu] = both.map((pairs) => pairs.map((turns) => turns.map((cost) => cost.cpu)))
  const ratios = cpu!.map((turns, pair) => medianOf(turns.map((cost, turn) => cost / baseCpu![pair]![turn]!)))
  const perSecond = both.map((pairs) => 1_000_000 / medianOf(pairs.flat().map(({ wall }) => wall)))
  const micros = [cpu!, baseCpu!].map((turns) => medianOf(turns.flat()).toFixed(1))
  const detail = `${micros.join(' / ')} µs, ${perSecond.map(figure).join(' / ')} a second`
  return row('requests', `${lane}: ${client} / ${base}, ${method}`, estimate(ratios), { ...promised, detail })
}

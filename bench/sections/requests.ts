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

const OURS = ['undici', 'no-op-interceptor', 'bearer', 'fetch', 'create-fetch']
const FAST_PEERS = ['undici-oidc-interceptor']
const SLOW_PEERS = [
  'core-rest-pipeline',
  'google-auth-library',
  'axios-auth-refresh',
  'genesys-sdk',
  'openid-client',
  'oauth2-client',
  'msal-node',
]

/** Clients that take turns. */
interface Group {
  readonly lane: LaneName
  readonly method: Work['method']
  readonly clients: readonly string[]
}

const GROUPS: readonly Group[] = [
  {
    lane: 'Node 20, undici 7',
    method: 'GET',
    clients: [...OURS, 'fetch-with-dispatcher', ...FAST_PEERS, ...SLOW_PEERS],
  },
  { lane: 'Node 20, undici 7', method: 'POST', clients: OURS },
  { lane: 'Node 24, undici 8', method: 'GET', clients: [...OURS, ...FAST_PEERS] },
  { lane: 'Node 24, undici 8', method: 'POST', clients: OURS },
]

/** What is compared with what, and what was promised. */
const PAIRS: readonly (readonly [lane: LaneName, method: Work['method'], client: string, base: string, Promised?])[] = [
  ['Node 24, undici 8', 'GET', 'bearer', 'undici', { bar: 1.03 }],
  ['Node 24, undici 8', 'POST', 'bearer', 'undici', { bar: 1.03 }],
  ['Node 24, undici 8', 'GET', 'no-op-interceptor', 'undici'],
  ['Node 20, undici 7', 'GET', 'bearer', 'no-op-interceptor', { bar: 1.1 }],
  ['Node 20, undici 7', 'POST', 'bearer', 'no-op-interceptor', { bar: 1.1 }],
  ['Node 20, undici 7', 'GET', 'bearer', 'undici'],
  ['Node 20, undici 7', 'GET', 'no-op-interceptor', 'undici'],
  ['Node 20, undici 7', 'GET', 'bearer', 'undici-oidc-interceptor', { bar: 0.9 }],
  ['Node 24, undici 8', 'GET', 'bearer', 'undici-oidc-interceptor', { bar: 0.9 }],
  ['Node 20, undici 7', 'GET', 'create-fetch', 'fetch', { bar: 1.05 }],
  ['Node 20, undici 7', 'POST', 'create-fetch', 'fetch', { bar: 1.05 }],
  ['Node 24, undici 8', 'GET', 'create-fetch', 'fetch', { bar: 1.05 }],
  ['Node 24, undici 8', 'POST', 'create-fetch', 'fetch', { bar: 1.05 }],
  ['Node 20, undici 7', 'GET', 'fetch-with-dispatcher', 'fetch'],
  ['Node 20, undici 7', 'GET', 'bearer', 'google-auth-library', { bar: 0.25 }],
  ['Node 20, undici 7', 'GET', 'bearer', 'axios-auth-refresh', { bar: 0.25 }],
  ['Node 20, undici 7', 'GET', 'bearer', 'core-rest-pipeline'],
  ['Node 20, undici 7', 'GET', 'bearer', 'oauth2-client'],
  ['Node 20, undici 7', 'GET', 'bearer', 'openid-client'],
  ['Node 20, undici 7', 'GET', 'bearer', 'msal-node'],
  ['Node 20, undici 7', 'GET', 'bearer', 'genesys-sdk'],
]

/** A tenth of a second, with some garbage collections in it. */
const requestsOf = (client: string) => (SLOW_PEERS.includes(client) ? 400 : client.includes('fetch') ? 700 : 2_000)
/** So many milliseconds first, until the compiler has little more to do. */
const WARM_UP = 1_000
/** How often each has its turn in a pair: a machine that is slower for some seconds is so for all of a group. */
const TURNS = 5

/** What one request cost, in each turn of each pair, by lane, method and client. */
class Costs {
  readonly #all: Record<string, Cost[][]> = {}

  add({ lane, method }: Group, client: string, turns: readonly Cost[]): void {
    ;(this.#all[`${lane}: ${client}, ${method}`] ??= []).push([...turns])
  }

  of(lane: LaneName, client: string, method: Work['method'], what: keyof Cost): number[][] {
    return this.#all[`${lane}: ${client}, ${method}`]!.map((turns) => turns.map((cost) => cost[what]))
  }

  toJSON() {
    return this.#all
  }
}

/** Processes of one program differ by some percent, by what their compiler happened to do: each pair has its own. */
async function measure({ lane, method, clients }: Group, hosts: string): Promise<Record<string, Cost[]>> {
  await using children = new Children()
  const measures: Record<string, () => Promise<Cost>> = {}
  for (const client of clients) {
    const child = children.add(new Child('client', [client, hosts], LANES[lane]))
    await child.next()
    const requests = requestsOf(client)
    measures[client] = async () => {
      const { cpu, wall } = await child.ask<Cost>({ method, requests } satisfies Work)
      return { cpu: cpu / requests, wall: wall / requests }
    }
    const warm = performance.now() + WARM_UP
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
    const costs = new Costs()
    for (let pair = 0; pair < pairs; pair++) {
      for (const group of GROUPS) {
        const measured = await measure(group, hosts)
        for (const client of group.clients) costs.add(group, client, measured[client]!)
      }
    }
    const rows = PAIRS.map(([lane, method, client, base, promised]): Row => {
      const [cpu, baseCpu] = [client, base].map((one) => costs.of(lane, one, method, 'cpu')) as [number[][], number[][]]
      const ratios = cpu.map((turns, pair) => medianOf(turns.map((cost, turn) => cost / baseCpu[pair]![turn]!)))
      const perSecond = [client, base].map((one) => 1_000_000 / medianOf(costs.of(lane, one, method, 'wall').flat()))
      const micros = [cpu, baseCpu].map((turns) => medianOf(turns.flat()).toFixed(1))
      const detail = `${micros.join(' / ')} µs, ${perSecond.map(figure).join(' / ')} a second`
      return row('requests', `${lane}: ${client} / ${base}, ${method}`, estimate(ratios), { ...promised, detail })
    })
    return { rows, raw: costs }
  },
}

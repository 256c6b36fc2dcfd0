// Sends requests at the rate that its parent says, with a token that lives long or short, and tells how long they took.
import { AccessToken, bearer, clientCredentials, TokenManager } from 'everbearer'
import type { Clock } from 'everbearer'
import { subscribe } from 'node:diagnostics_channel'
import { setTimeout } from 'node:timers/promises'
import { quantileSorted } from 'simple-statistics'
import { Agent } from 'undici'
import { CONNECTIONS } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import type { Latencies, Load } from '../latencies.js'
import { CREDENTIALS, warmManager } from '../tokens.js'
import { undiciClient } from '../undici-client.js'

const [name, hosts] = [process.argv[2]!, JSON.parse(process.argv[3]!) as Hosts]

/** The authorization server takes its time, milliseconds. */
const LATE = '?after=20'

/**
 * Milliseconds that a token lives: it is renewed behind the callers' backs after 80 % of that. In real life it is an hour,
 * and the margin minutes; here it still is longer than the authorization server takes.
 */
const LIFETIME = 300

/** Chance would let it begin up to half the margin later, which at this lifetime is no time at all. */
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(callback, delay) {
    const timer = globalThis.setTimeout(callback, delay).unref()
    return { ref: () => void timer.ref(), unref: () => void timer.unref(), clear: () => clearTimeout(timer) }
  },
  random: () => 0,
}

async function rotating(): Promise<TokenManager> {
  const grant = clientCredentials({ ...CREDENTIALS, tokenEndpoint: hosts.tokenEndpoint + LATE })
  const tokens = new TokenManager(
    {
      identity: grant.identity,
      repeatable: true,
      async requestToken(options) {
        const set = await grant.requestToken(options)
        return { ...set, accessToken: new AccessToken(set.accessToken.reveal(), { lifetime: LIFETIME }) }
      },
    },
    { clock },
  )
  await tokens.getToken()
  return tokens
}

const agent = new Agent({ connections: CONNECTIONS })
const stamped = (tokens: TokenManager) =>
  undiciClient(hosts, agent.compose(bearer(tokens, { origins: [hosts.origin] })))

const CLIENTS: Readonly<Record<string, () => Client | Promise<Client>>> = {
  undici: () => undiciClient(hosts, agent, 'Bearer given'),
  'long-lived token': async () => stamped(await warmManager(hosts)),
  'rotating token': async () => stamped(await rotating()),
}

const client = await CLIENTS[name]!()
let rotations = 0
subscribe('everbearer:token-minted', () => rotations++)

/** Sends so long at that rate, and returns each request's latency when the last has its answer. */
async function send({ rate, seconds }: Load): Promise<number[]> {
  const latencies: number[] = []
  const call = async (due: number) => {
    await client.GET()
    latencies.push(performance.now() - due)
  }
  const calls: Promise<void>[] = []
  const start = performance.now()
  for (let due = start; due < start + seconds * 1000; due += 1000 / rate) {
    while (performance.now() < due) await setTimeout(1)
    calls.push(call(due))
  }
  await Promise.all(calls)
  return latencies
}

async function latenciesOf(load: Load): Promise<Latencies> {
  // Nobody asked while others had their turn: a token that nobody uses is let go, and what comes first awaits the next.
  await send({ ...load, seconds: 1 })
  const before = rotations
  const latencies = (await send(load)).toSorted((a, b) => a - b)
  const at = (share: number) => quantileSorted(latencies, share)
  return { p50: at(0.5), p99: at(0.99), 'p99.9': at(0.999), rotations: rotations - before }
}

process.on('message', (load: Load) => {
  void latenciesOf(load).then((latencies) => process.send!(latencies))
})
process.send!('ready')

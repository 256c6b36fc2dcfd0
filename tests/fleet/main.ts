// A fleet of processes that shares one client's tokens through a Redis, while processes are killed and stopped, Redis is
// restarted, and tokens are revoked: `npm run fleet -- --processes 32 --seconds 60 [--json] [--client redis|ioredis|<module>]`.
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { CLIENTS } from '../redis/clients.js'
import { hasRedis } from '../redis/redis-server.js'
import type { Finding } from './finding.js'
import { LIFETIME } from './fleet-server.js'
import { MIN_SECONDS, runFleet } from './fleet.js'
import type { Extent } from './fleet.js'
import { callForever } from './member.js'
import type { Errand } from './member.js'

const [errand] = process.argv.slice(2)
if (process.send !== undefined && errand !== undefined) await callForever(JSON.parse(errand) as Errand)
else process.exitCode = await main()

async function main(): Promise<number> {
  const asked = options()
  if (typeof asked === 'string') {
    console.error(
      `${asked} Usage: npm run fleet -- [--processes 32] [--seconds 60] [--client redis|ioredis|<module>] [--pause 200] [--json]`,
    )
    return 1
  }
  if (!hasRedis) {
    console.error('There is no redis-server. To have one: apt-get install redis-server')
    return 1
  }
  const { json, within, ...extent } = asked
  const found = await runFleet(extent, fileURLToPath(import.meta.url)).catch((error: unknown) => String(error))
  if (typeof found === 'string') {
    console.error(found)
    return 1
  }
  const faults = faultsOf(found, within)
  if (json) console.log(JSON.stringify({ ...extent, ...found, faults }))
  else print(found, faults)
  return faults.length === 0 ? 0 : 1
}

/** Token requests whose process was killed or stopped meanwhile. */
const ABANDONED = 2

/** What must not have been. */
function faultsOf(found: Finding, within: number): string[] {
  const { surplusRequests, surfaced401s, failures, fencesInOrder, longestStallMs } = found
  const { requestsForRevocations, revocations, lostRequests, stallAfterKillMs, stallAfterPauseMs } = found
  // Whoever waits for a holder that is gone waits for its lease to end, and then for a token as in the calm.
  // A tenth of the lifetime: docs/defaults.md.
  const withinLease = LIFETIME * 100 + within
  return [
    ...(surplusRequests > 0 ? [`${surplusRequests} token requests too many`] : []),
    ...(requestsForRevocations === revocations
      ? []
      : [`${requestsForRevocations} token requests for ${revocations} revocations`]),
    ...(surfaced401s > 0 ? [`${surfaced401s} calls got to see a 401`] : []),
    ...(failures.length > 0 ? [`${failures.length} calls failed`] : []),
    ...(fencesInOrder ? [] : ['fences out of order']),
    ...(longestStallMs > within ? [`a call took ${longestStallMs} ms in the calm`] : []),
    ...(lostRequests > ABANDONED ? [`${lostRequests} token requests were given up`] : []),
    ...(stallAfterKillMs > withinLease ? [`a call took ${stallAfterKillMs} ms after a kill`] : []),
    ...(stallAfterPauseMs > withinLease ? [`a call took ${stallAfterPauseMs} ms after a pause`] : []),
  ]
}

function print(found: Finding, faults: readonly string[]): void {
  const { failures, surplus, phases, ...figures } = found
  console.table(figures)
  const rows = Object.entries(phases).map(([phase, { tokenRequests, ...rest }]) => [
    phase,
    { ...tokenRequests, ...rest },
  ])
  console.table(Object.fromEntries(rows))
  for (const request of surplus) console.log(`too many: ${request}`)
  for (const failure of new Set(failures)) console.log(`failed: ${failure}`)
  for (const fault of faults) console.log(`not right: ${fault}`)
  if (faults.length === 0)
    console.log('right: one token request for each lifetime and each revocation, no 401, no failure')
}

/** What the command line asks for, or what is wrong with it. */
function options(): (Extent & { json: boolean; within: number }) | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      options: { processes: text, seconds: text, client: text, pause: text, within: text, json: { type: 'boolean' } },
    })
    const [processes, seconds, pause, within] = [
      values.processes ?? '32',
      values.seconds ?? '60',
      values.pause ?? '200',
      values.within ?? '250',
    ].map(Number)
    if (!isWhole(processes, 2, 1_000)) return '--processes takes a whole number from 2 to 1000.'
    if (!isWhole(seconds, MIN_SECONDS)) return `--seconds takes a whole number from ${MIN_SECONDS} up.`
    if (!isWhole(pause, 1, 10_000)) return '--pause takes a whole number of milliseconds from 1 to 10000.'
    if (!isWhole(within, 1)) return '--within takes a whole number of milliseconds from 1 up.'
    const { client = 'redis', json = false } = values
    if (Object.hasOwn(CLIENTS, client)) return { processes, seconds, pause, within, json, client }
    const module = resolve(client)
    if (!statSync(module, { throwIfNoEntry: false })?.isFile())
      return `--client takes redis, ioredis or a module; there is no ${module}.`
    return { processes, seconds, pause, within, json, client: module }
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    return `${what!.replace(/\.$/, '')}.`
  }
}

function isWhole(number: number | undefined, least: number, most = Infinity): number is number {
  return Number.isSafeInteger(number) && Number(number) >= least && Number(number) <= most
}

import { fork } from 'node:child_process'
import { once } from 'node:events'

import { SIMULATED_MONTH } from './simulated-month.js'
import type { SimulatorMessage } from './simulator-process.js'

/** What a client that misses nothing must have read. */
export interface Expected {
  readonly conversationIds: readonly string[]
  readonly userIds: readonly string[]
}

/** The organization that the job reads. */
export interface Organization {
  readonly name: string
  readonly simulated: boolean
  /** The environment for `GenesysCloud.fromEnv`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** ISO 8601. */
  readonly interval: string
  /** Undefined where nobody knows: a real organization. */
  expected(): Promise<Expected | undefined>
  close(): void
}

const CREDENTIALS =
  /^GENESYS(CLOUD)?_(CLIENT_ID|CLIENT_SECRET|OAUTHCLIENT_ID|OAUTHCLIENT_SECRET|REGION|LOGIN_URL|API_URL)$/
const DAY = 24 * 60 * 60_000

/** The one that the environment names, or a simulated one when it names none. */
export function openOrganization(env: NodeJS.ProcessEnv): Promise<Organization> {
  const named = Object.keys(env).some((name) => CREDENTIALS.test(name) && env[name])
  return named ? Promise.resolve(realOrganization(env)) : simulatedOrganization()
}

/** The last 31 whole days. */
function realOrganization(env: NodeJS.ProcessEnv): Organization {
  const end = Math.floor(Date.now() / DAY) * DAY
  return {
    name: env['GENESYS_API_URL'] ?? env['GENESYS_REGION'] ?? env['GENESYSCLOUD_REGION'] ?? 'Genesys Cloud',
    simulated: false,
    env,
    interval: `${new Date(end - 31 * DAY).toISOString()}/${new Date(end).toISOString()}`,
    expected: () => Promise.resolve(undefined),
    close: () => undefined,
  }
}

async function simulatedOrganization(): Promise<Organization> {
  const simulator = fork(new URL('./simulator-process.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const hear = async () => {
    const exited = once(simulator, 'exit').then(() => {
      throw new Error(`The simulator ended with exit code ${String(simulator.exitCode)}.`)
    })
    const [message] = (await Promise.race([once(simulator, 'message'), exited])) as [SimulatorMessage]
    return message
  }
  const ready = await hear()
  return {
    name: 'a simulated organization',
    simulated: true,
    env: 'env' in ready ? ready.env : {},
    interval: SIMULATED_MONTH,
    async expected() {
      simulator.send(SIMULATED_MONTH)
      const truth = await hear()
      return 'userIds' in truth ? truth : undefined
    },
    close: () => simulator.disconnect(),
  }
}

import { fork } from 'node:child_process'
import { once } from 'node:events'

import { shownUrl } from '../base/shown-url.js'
import type { Expected, Platform } from './platform.js'
import { SIMULATED_MONTH } from './simulated-month.js'
import type { SimulatorMessage } from './simulator-process.js'

/** The organization that the job reads. */
export interface Organization {
  readonly platform: Platform
  readonly name: string
  readonly simulated: boolean
  /** The environment for {@link Platform.read}. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** ISO 8601. */
  readonly interval: string
  /** Undefined where nobody knows: a real organization. */
  expected(): Promise<Expected | undefined>
  close(): void
}

const DAY = 24 * 60 * 60_000

/** The one that the environment names, or a simulated one when it names none. */
export function openOrganization(platform: Platform, env: NodeJS.ProcessEnv): Promise<Organization> {
  const named = Object.keys(env).some((name) => platform.credentials.test(name) && env[name])
  return named ? Promise.resolve(realOrganization(platform, env)) : simulatedOrganization(platform)
}

/** The last 31 whole days. */
function realOrganization(platform: Platform, env: NodeJS.ProcessEnv): Organization {
  const end = Math.floor(Date.now() / DAY) * DAY
  return {
    platform,
    name: placeNamed(platform.places.map((place) => env[place]).find(Boolean)) ?? platform.title,
    simulated: false,
    env,
    interval: `${new Date(end - 31 * DAY).toISOString()}/${new Date(end).toISOString()}`,
    expected: () => Promise.resolve(undefined),
    close: () => undefined,
  }
}

/** A region or a URL as it may be printed. */
function placeNamed(place = ''): string | undefined {
  return /^[\w.-]+$/.test(place) ? place : shownUrl(place)?.origin
}

async function simulatedOrganization(platform: Platform): Promise<Organization> {
  const simulator = fork(new URL('./simulator-process.js', import.meta.url), [platform.name], {
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
    platform,
    name: `a simulated ${platform.title}`,
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

/**
 * The simulator in a process of its own, as `npm start` runs it: a client that shares its event loop with the server
 * would never see it slow. Speaks to its parent over IPC, and ends with it.
 */
import { startSimulator } from '../testing/index.js'
import type { Fault } from '../testing/index.js'
import { SIMULATED_NOW } from './simulated-month.js'

/** What the parent is told, once when it listens and then for each interval that it asks the truth of. */
export type SimulatorMessage =
  { readonly env: Record<string, string> } | { readonly conversationIds: string[]; readonly userIds: string[] }

/** A night on which everything happens, each in the middle of something. */
const FAULTS: Fault[] = [
  { kind: 'revoked', to: '/api', at: 60 },
  { kind: 'rate-limited', to: '/api', at: 110, retryAfter: 1 },
  { kind: 'bad-gateway', to: '/api', at: 150 },
  { kind: 'down', to: 'token', at: 4, duration: 1_500 },
  { kind: 'cut', to: '/api', at: 190 },
  { kind: 'unavailable', to: '/api', at: 230, times: 2 },
  { kind: 'rate-limited', to: '/api', at: 270, times: 2, retryAfter: 1 },
  { kind: 'cut-body', to: '/api', at: 300 },
  { kind: 'revoked', to: '/api', at: 340 },
  { kind: 'unavailable', to: '/api/v2/users', at: 10 },
]

const simulator = await startSimulator({
  users: 4_000,
  conversationsPerDay: (day) => (day.getUTCDay() % 6 === 0 ? 350 : 1_250),
  tokenLifetime: 3,
  latency: 22,
  now: SIMULATED_NOW,
  faults: FAULTS,
})

process.on('message', (interval: string) => {
  const { truth } = simulator
  say({ conversationIds: truth.conversationIds(interval), userIds: truth.userIds() })
})
process.on('disconnect', () => void simulator.close())
say({ env: simulator.env })

function say(message: SimulatorMessage): void {
  process.send?.(message)
}

import { GenesysCloud } from '../genesys/index.js'
import { Absorbed } from './absorbed.js'
import type { Display } from './display.js'
import type { Organization } from './organization.js'
import { compare } from './summary.js'
import type { Summary } from './summary.js'

/** A simulated organization has no other clients to be polite to. */
const SIMULATED_PACE = { requestsPerMinute: 6_000 }

/** Reads a month of conversations and then all users, through whatever happens, and says what came of it. */
export async function runMainJob(organization: Organization, display: Display, signal: AbortSignal): Promise<Summary> {
  const { interval, env, simulated } = organization
  const genesys = GenesysCloud.fromEnv({ signal, ...(simulated && SIMULATED_PACE) }, env)
  const absorbed = new Absorbed()
  absorbed.start()
  const startedAt = performance.now()
  const conversationIds: string[] = []
  const userIds: string[] = []
  const errors: Error[] = []
  try {
    const expected = await organization.expected()
    display.start(absorbed, expected)
    for await (const { conversationId } of genesys.analytics.conversations.query({ interval })) {
      conversationIds.push(conversationId)
      display.conversations(conversationIds.length)
    }
    for await (const { id } of genesys.users.list()) {
      userIds.push(id)
      display.users(userIds.length)
    }
    return summarise(expected)
  } catch (error) {
    errors.push(error as Error)
    return summarise(await organization.expected().catch(() => undefined))
  } finally {
    display.stop()
    absorbed.stop()
    await genesys.close()
  }

  function summarise(expected: Awaited<ReturnType<Organization['expected']>>): Summary {
    const elapsedMs = Math.round(performance.now() - startedAt)
    return compare({ conversationIds, userIds }, expected, absorbed, errors, elapsedMs)
  }
}

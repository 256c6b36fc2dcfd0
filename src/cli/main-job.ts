import { Absorbed } from './absorbed.js'
import type { Display } from './display.js'
import type { Organization } from './organization.js'
import type { Reader } from './platform.js'
import { compare } from './summary.js'
import type { Summary } from './summary.js'

/** Reads a month of conversations and then all users, through whatever happens, and says what came of it. */
export async function runMainJob(organization: Organization, reader: Reader, display: Display): Promise<Summary> {
  const { platform, interval } = organization
  const absorbed = new Absorbed(platform.pages)
  absorbed.start()
  const startedAt = performance.now()
  const conversationIds: string[] = []
  const userIds: string[] = []
  const errors: Error[] = []
  try {
    const expected = await organization.expected()
    display.start(platform.words, absorbed, expected)
    for await (const id of reader.conversations(interval)) {
      conversationIds.push(id)
      display.conversations(conversationIds.length)
    }
    for await (const id of reader.users()) {
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
    await reader.close()
  }

  function summarise(expected: Awaited<ReturnType<Organization['expected']>>): Summary {
    const elapsedMs = Math.round(performance.now() - startedAt)
    return compare(platform.name, { conversationIds, userIds }, expected, absorbed, errors, elapsedMs)
  }
}

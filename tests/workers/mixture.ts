import { fork } from 'node:child_process'
import cluster from 'node:cluster'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import type { Errand } from '../rotation/refresher.js'
import { SessionServer } from '../rotation/session-server.js'
import type { Session } from '../rotation/session-server.js'

/** Seconds that a token lives. */
const LIFETIME = 2

/** What came of it. */
export interface Finding {
  readonly callers: number
  readonly calls: number
  readonly tokens: number
  /** The most token requests that came while one token was the newest. */
  readonly requestsInALifetime: number
  /** A refresh token came twice, and the server has ended the session. */
  readonly sessionLost: boolean
  readonly failures: readonly string[]
}

/** Lets threads, child processes and workers of a cluster go on with one session, through one store. */
export async function mix(directory: Errand['directory'], seconds: number, program: string): Promise<Finding> {
  const server = new SessionServer(LIFETIME)
  await server.listen()
  const errand: Errand = { origin: server.origin, directory, pause: 40, wasteful: false, signIn: server.signIn() }
  const [session] = server.sessions as [Session]
  const args = [JSON.stringify(errand)]
  const failures: string[] = []
  const asked: number[] = []
  const callers = new Set<string>()
  let calls = 0
  server.onMoment = (moment) => void (moment === 'asked' && asked.push(session.current))
  server.onCall = (_status, caller) => {
    callers.add(caller)
    calls += 1
  }
  cluster.setupPrimary({ exec: program, args })
  const members = [
    ...Array.from({ length: 4 }, () => new Worker(program, { argv: args })),
    ...Array.from({ length: 2 }, () => fork(program, args)),
    ...Array.from({ length: 2 }, () => cluster.fork()),
  ]
  for (const member of members) member.on('message', (why: string) => failures.push(why))
  try {
    while (callers.size < members.length && failures.length === 0) await wait(20)
    await wait(seconds * 1_000)
    return {
      callers: callers.size,
      calls,
      tokens: session.current,
      requestsInALifetime: Math.max(...asked.map((token) => asked.filter((other) => other === token).length)),
      sessionLost: session.revoked,
      failures: [...failures],
    }
  } finally {
    for (const member of members) {
      if (member instanceof Worker) await member.terminate()
      else member.kill('SIGKILL')
    }
    server.close()
  }
}

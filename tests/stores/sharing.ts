import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type { Errand } from '../rotation/refresher.js'
import { SessionServer } from '../rotation/session-server.js'
import type { Session } from '../rotation/session-server.js'

/** Seconds that a token lives. */
const LIFETIME = 2
/** The others have been refused, and wait for the one that refreshes, when so many milliseconds have gone by. */
const ALL_WAIT = 150
/** By then they will not go on any more. */
const PATIENCE = 10_000

/** How many processes share a store, and for how long. */
export interface Extent {
  readonly processes: number
  readonly seconds: number
}

/** What came of it. */
export interface Sharing {
  readonly tokens: number
  readonly calls: number
  /** The most token requests that came while one token was the newest, but for those of the kill. */
  readonly requestsInALifetime: number
  /** Why a process ended, such as a 401 that it got to see. */
  readonly failures: readonly string[]
  /** Milliseconds from the death of the process that refreshed until all others called with a new token. */
  readonly goneOnAfter: number
  /** Token requests that took. */
  readonly requestsAfterKill: number
}

/**
 * Lets processes call an API with the tokens of one session, which ends at the second use of a refresh token. In the middle
 * the API refuses the token that all have, and the process that asks for another one is killed while it waits.
 */
export async function share({ processes, seconds }: Extent, program: string): Promise<Sharing> {
  const directory = mkdtempSync(join(tmpdir(), 'everbearer-sharing-'))
  const server = new SessionServer(LIFETIME)
  await server.listen()
  const errand: Errand = { origin: server.origin, directory, pause: 40, wasteful: false, signIn: server.signIn() }
  const [session] = server.sessions as [Session]
  const failures: string[] = []
  const children = new Map<string, ChildProcess>()
  try {
    for (let number = 0; number < processes; number++) {
      const child = fork(program, [JSON.stringify(errand)])
      child.once('message', (why: string) => failures.push(why))
      children.set(String(child.pid), child)
    }
    /** Which token was the newest at each token request. */
    const asked: number[] = []
    let calls = 0
    server.onMoment = (moment) => void (moment === 'asked' && asked.push(session.current))
    server.onCall = () => void (calls += 1)
    await wait((seconds / 2) * 1_000)
    await Promise.race([allHaveTheNewest(server, processes), wait(PATIENCE, undefined, { ref: false })])
    const { goneOnAfter, requestsAfterKill } = await killWhoRefreshes(server, children)
    server.onMoment = (moment) => void (moment === 'asked' && asked.push(session.current))
    await wait((seconds / 2) * 1_000)
    const requestsInALifetime = Math.max(...asked.map((token) => asked.filter((other) => other === token).length))
    return { tokens: session.current, calls, requestsInALifetime, failures, goneOnAfter, requestsAfterKill }
  } finally {
    for (const child of children.values()) child.kill('SIGKILL')
    await server.quiet()
    server.close()
    rmSync(directory, { recursive: true })
  }
}

/** Who still had an older token would be refused with it, and again with the newest, which the others have stored. */
async function allHaveTheNewest(server: SessionServer, processes: number): Promise<void> {
  const [session] = server.sessions as [Session]
  const { onCall } = server
  const newest = new Map<string, number>()
  await new Promise<void>((resolve) => {
    server.onCall = (status, caller, token) => {
      onCall(status, caller, token)
      newest.set(caller, token)
      if ([...newest.values()].filter((one) => one === session.current).length === processes) resolve()
    }
  })
  server.onCall = onCall
}

/**
 * The API refuses the token that all have; who asks for another one is killed before the server has spent anything. Resolves
 * when all others have called the API with the token that one of them brought.
 */
async function killWhoRefreshes(server: SessionServer, children: ReadonlyMap<string, ChildProcess>) {
  const [session] = server.sessions as [Session]
  const waiting = new Set(children.keys())
  let requestsAfterKill = 0
  let killedAt = Infinity
  const goneOn = new Promise<number>((resolve) => {
    server.onMoment = async (moment, caller) => {
      if (moment !== 'asked') return
      if (killedAt < Infinity) return void (requestsAfterKill += 1)
      await wait(ALL_WAIT)
      const child = children.get(caller)!
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      killedAt = performance.now()
      waiting.delete(caller)
      await exit
      // Its connection ends with it.
      await wait(ALL_WAIT)
    }
    const { onCall } = server
    server.onCall = (status, caller, token) => {
      onCall(status, caller, token)
      if (status === 200 && killedAt < Infinity) waiting.delete(caller)
      if (waiting.size === 0) resolve(performance.now() - killedAt)
    }
    session.deadUpTo = session.current
  })
  const goneOnAfter = await Promise.race([goneOn, wait(PATIENCE, Infinity, { ref: false })])
  return { goneOnAfter, requestsAfterKill }
}

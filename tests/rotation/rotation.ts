import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { FileTokenStore } from '../../src/index.js'
import { identityKey } from '../../src/token/identity-key.js'
import { pick } from '../soak/chance.js'
import { sessionGrant } from './refresher.js'
import type { Errand } from './refresher.js'
import { numbersOf, SessionServer } from './session-server.js'
import type { Moment } from './session-server.js'

/** When a process is killed: while it starts, at any time, just after a moment of the server's, or among its writes. */
const AIMS = { start: 1, 'any time': 3, asked: 1, rotated: 1, answered: 5, writing: 5 }
export type Aim = keyof typeof AIMS

/** Whether the session is there still; inside the window the server had moved on, and the store had not yet. */
type Verdict = { outcome: 'kept' | 'inside' } | { outcome: 'lost'; why: string }

/** What was found when a process had been killed. */
export type Finding = Verdict & { readonly aim: Aim }

/** A session must be there again within this time, in milliseconds. */
const PATIENCE = 20_000

/**
 * Goes on with one session, in a process that is killed again and again, until `kills` were made. Whether a session was
 * inside the window is told by the server's record and the stored file, as they are when the killed process has gone; no
 * sign-in follows unless it was, so that the next process shows whether the session is alive.
 */
export async function* killAgainAndAgain(
  kills: number,
  program: string,
  chance: () => number,
): AsyncGenerator<Finding> {
  const directory = mkdtempSync(join(tmpdir(), 'everbearer-rotation-'))
  const server = new SessionServer(2)
  await server.listen()
  const store = new FileTokenStore(directory)
  const key = identityKey(sessionGrant({ origin: server.origin }).identity)
  let signIn: string | undefined = server.signIn()
  try {
    for (let kill = 0; kill < kills; kill++) {
      const aim = pick(AIMS, chance)
      const failure = await runAndKill({ server, directory, program, aim, chance, signIn })
      await server.quiet()
      const finding = failure === undefined ? await judge(server, store, key) : lost(failure)
      yield { aim, ...finding }
      // What a sign-in brought is handed in until the store has what came of it.
      if (finding.outcome !== 'kept') signIn = server.signIn()
      else if (server.sessions.at(-1)!.current > 0) signIn = undefined
    }
  } finally {
    server.close()
    rmSync(directory, { recursive: true })
  }
}

/** Holds what is stored against what the server knows of its last session. */
async function judge({ sessions }: SessionServer, store: FileTokenStore, key: string): Promise<Verdict> {
  const { id, current, seen, revoked } = sessions.at(-1)!
  let stored: string | undefined
  try {
    const found = await store.get(key)
    stored = found && (JSON.parse(found.value) as { refreshToken: string }).refreshToken
  } catch (error) {
    return lost(String(error))
  }
  const [session, number] = stored === undefined ? [] : numbersOf(stored)
  // A session of which nothing is stored yet has the token of its sign-in.
  const kept = session === id ? number! : 0
  const told = `stored: ${kept}, given: ${current}, used: ${seen}`
  if (revoked) return lost(`a refresh token was sent twice (${told})`)
  if (kept < seen) return lost(`an access token was used before what came with it was stored (${told})`)
  if (kept === current) return { outcome: 'kept' }
  return kept === current - 1 ? { outcome: 'inside' } : lost(`the store is behind (${told})`)
}

function lost(why: string): Verdict {
  return { outcome: 'lost', why }
}

interface Run {
  readonly server: SessionServer
  readonly directory: string
  readonly program: string
  readonly aim: Aim
  readonly chance: () => number
  readonly signIn: string | undefined
}

/** Starts a process, waits until the session serves, and kills it. Answers why the session did not serve, if so. */
async function runAndKill({ server, directory, program, aim, chance, signIn }: Run): Promise<string | undefined> {
  const errand: Errand = { origin: server.origin, directory, pause: 10, wasteful: true, ...(signIn && { signIn }) }
  const child = fork(program, [JSON.stringify(errand)])
  const exit = once(child, 'exit')
  const failure = new Promise<string>((resolve) => child.once('message', (why: string) => resolve(why)))
  const serving = new Promise<undefined>((resolve) => {
    server.onCall = (status) => {
      if (status === 200) resolve(undefined)
    }
  })
  try {
    if (aim === 'start') return void (await wait(250 * chance()))
    const why = await Promise.race([serving, failure, silence(child)])
    return why ?? (await Promise.race([moment(aim, { server, directory, child, chance }), failure]))
  } finally {
    child.kill('SIGKILL')
    server.onMoment = server.onCall = () => undefined
    await exit
  }
}

/** When a process that serves nothing has had time enough. */
function silence(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`nothing within ${PATIENCE} ms`), PATIENCE)
    child.once('exit', () => clearTimeout(timer))
  })
}

/** Kills when the time has come. */
async function moment(
  aim: Exclude<Aim, 'start'>,
  {
    server,
    directory,
    child,
    chance,
  }: { server: SessionServer; directory: string; child: ChildProcess; chance: () => number },
): Promise<undefined> {
  if (aim === 'any time') return void (await wait(60 * chance()))
  await new Promise<void>((resolve) => {
    let left = Math.floor((aim === 'writing' ? 60 : 4) * chance())
    const delay = (aim === 'answered' ? 40 : 1) * chance()
    const seen = () => {
      if (left-- > 0) return
      // A timer would be too coarse.
      for (const until = performance.now() + delay; performance.now() < until;);
      child.kill('SIGKILL')
      resolve()
    }
    if (aim !== 'writing') server.onMoment = (moment: Moment) => void (moment === aim && seen())
    else {
      const [name = ''] = readdirSync(directory)
      const watcher = watch(join(directory, name), seen)
      child.once('exit', () => watcher.close())
    }
  })
}

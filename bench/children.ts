import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A Node, and the undici that a process in it gets when it imports undici. */
export interface Lane {
  readonly node: string
  readonly arguments: readonly string[]
}

const bench = fileURLToPath(new URL('../..', import.meta.url))

export const LANES = {
  'Node 20, undici 7': { node: process.execPath, arguments: [] },
  'Node 24, undici 8': {
    node: `${bench}/node_modules/node-24/bin/node`,
    arguments: ['--import', `${bench}/undici-8.mjs`],
  },
} as const satisfies Record<string, Lane>

export type LaneName = keyof typeof LANES

/** A process of the benchmark that answers each message with one. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess

  constructor(program: string, args: readonly string[], lane: Lane = LANES['Node 20, undici 7']) {
    this.#process = fork(fileURLToPath(new URL(`processes/${program}.mjs`, import.meta.url)), args, {
      execPath: lane.node,
      execArgv: [...lane.arguments],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  /** What it says next. Fails when it ends instead. */
  async next<Message>(): Promise<Message> {
    const settled = new AbortController()
    const { signal } = settled
    try {
      return await Promise.race([
        once(this.#process, 'message', { signal }).then(([message]) => message as Message),
        once(this.#process, 'exit', { signal }).then(([code]) => {
          throw new Error(`${this.#process.spawnargs.slice(-2).join(' ')} ended with status ${code}`)
        }),
      ])
    } finally {
      settled.abort()
    }
  }

  async ask<Answer>(message: object | number): Promise<Answer> {
    const response = this.next<Answer>()
    this.#process.send(message)
    return response
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exit
  }
}

/** Processes that end together. Node 20 has no AsyncDisposableStack. */
export class Children implements AsyncDisposable {
  readonly #all: Child[] = []

  add(child: Child): Child {
    this.#all.push(child)
    return child
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((child) => child[Symbol.asyncDispose]()))
  }
}

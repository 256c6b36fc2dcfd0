import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { explore } from './explore.js'
import type { Exploration } from './explore.js'

const USAGE = 'usage: npm run histories -- [how many] [--seed S] [--path P] [--workers N]'

/** Histories that are looked at in one go. Each chunk has a seed of its own, so it does not matter who takes it. */
const CHUNK = 500

interface Chunk {
  readonly index: number
  readonly runs: number
  readonly seed: number
  /** Left out where only the question counts whether a promise is broken. */
  readonly shrinks?: boolean
}

interface Orders {
  readonly histories: number
  readonly seed: number
  readonly path: string | undefined
  readonly workers: number
}

function orders(): Orders {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, path: { type: 'string' }, workers: { type: 'string' } },
  })
  if (positionals.length > 1) throw new TypeError(`Unexpected argument '${positionals[1]!}'`)
  const { path } = values
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
    throw new TypeError(`--path takes numbers and colons, not '${path}'`)
  if (path !== undefined && values.seed === undefined) throw new TypeError('--path needs its --seed')
  return {
    histories: natural('The number of histories', positionals[0] ?? (path === undefined ? '10000' : '1')),
    seed: values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : integer('--seed', values.seed),
    path,
    workers: natural('--workers', values.workers ?? String(availableParallelism())),
  }
}

function integer(name: string, text: string): number {
  const value = Number(text)
  if (/^-?\d{1,10}$/.test(text) && (value | 0) === value) return value
  throw new TypeError(`${name} takes a whole number of 32 bits, not '${text}'`)
}

function natural(name: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new TypeError(`${name} must be a whole number from 1 up, not '${text}'`)
}

function* chunks({ histories, seed }: Orders): Generator<Chunk> {
  for (let index = 0, left = histories; left > 0; index++, left -= CHUNK) {
    yield { index, runs: Math.min(CHUNK, left), seed: (seed + Math.imul(index, 0x9e3779b1)) | 0 }
  }
}

/** Shares the chunks out, until one is broken and all before it are done: so the outcome is the same for any number of workers. */
async function exploreWith(all: Orders): Promise<Exploration> {
  const work = chunks(all)
  let histories = 0
  let broken: { index: number; exploration: Exploration } | undefined
  const employ = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url))
      const next = () => {
        const { value, done } = broken ? { value: undefined, done: true } : work.next()
        if (done === true || value === undefined) void worker.terminate().then(() => resolve())
        else worker.postMessage(value)
      }
      worker.on('error', reject)
      worker.on('message', ({ index, exploration }: { index: number; exploration: Exploration }) => {
        if (exploration.broken && !(broken && broken.index < index)) broken = { index, exploration }
        else if (!exploration.broken) histories += exploration.histories
        next()
      })
      next()
    })
  await Promise.all(Array.from({ length: all.workers }, employ))
  if (broken === undefined) return { histories }
  return { ...broken.exploration, histories: broken.index * CHUNK + broken.exploration.histories }
}

async function work(): Promise<void> {
  // Thousands of typed errors are made, and nobody looks at where.
  Error.stackTraceLimit = 0
  parentPort!.on('message', ({ index, runs, seed, shrinks }: Chunk) => {
    void explore(runs, seed, { shrinks }).then((exploration) => parentPort!.postMessage({ index, exploration }))
  })
}

async function main(): Promise<void> {
  let all: Orders
  try {
    all = orders()
  } catch (error) {
    console.error(`${(error as Error).message.split('\n')[0]!.replace(/\. To specify.*/, '')}. ${USAGE}`)
    process.exitCode = 1
    return
  }
  const { path, seed } = all
  const { histories, broken } =
    path === undefined ? await exploreWith(all) : await explore(all.histories, seed, { path })
  if (broken) {
    const { violation } = broken
    console.log(`${broken.table}\n\nBroken promise: ${violation.promise}.\n${violation.why}`)
    console.log(`Again: npm run histories -- 1 --seed ${broken.seed} --path ${broken.path}\n`)
    process.exitCode = 1
  }
  console.log(`histories: ${histories}, violations: ${broken ? 1 : 0}, seed: ${seed}`)
}

await (isMainThread ? main() : work())

import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { explore } from './explore.js'
import type { Exploration } from './explore.js'
import { orders } from './orders.js'
import type { Orders } from './orders.js'

/** Histories that are looked at in one go. Each chunk has a seed of its own, so it does not matter who takes it. */
const CHUNK = 500

interface Chunk {
  readonly index: number
  readonly runs: number
  readonly seed: number
  /** Left out where only the question counts whether a promise is broken. */
  readonly shrinks?: boolean
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
    all = orders(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
    return
  }
  const { path, seed } = all
  const { histories, broken } =
    path === undefined ? await exploreWith(all) : await explore(all.histories, seed, { path })
  if (broken) {
    const { violation } = broken
    console.log(`${broken.table}\n\nBroken promise: ${violation.promise}.\n${violation.why}`)
    console.log(`Again: npm run histories -- 1 --seed=${broken.seed} --path ${broken.path}\n`)
    process.exitCode = 1
  }
  console.log(`histories: ${histories}, violations: ${broken ? 1 : 0}, seed: ${seed}`)
}

// Its origins are near misses of one another by intention, which everbearer warns of.
process.removeAllListeners('warning')
await (isMainThread ? main() : work())

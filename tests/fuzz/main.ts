import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

import { chunks, reason, runChunk } from './campaign.js'
import type { Chunk, Failure } from './campaign.js'
import { worstGrowth } from './growth.js'
import type { Growth } from './growth.js'
import type { Target } from './target.js'
import { TARGETS } from './targets.js'

const USAGE = 'npm run fuzz -- [inputs] [--seed number] [--target name [--input json]]'

/** A thread asks for a chunk by telling what came of the last. */
interface Report {
  readonly chunk?: Chunk
  readonly failure?: Failure | undefined
}

if (isMainThread) {
  process.exitCode = await main()
} else {
  parentPort!.on('message', (chunk: Chunk) => {
    void runChunk(TARGETS, chunk).then((failure) => parentPort!.postMessage({ chunk, failure } satisfies Report))
  })
  parentPort!.postMessage({} satisfies Report)
}

async function main(): Promise<number> {
  const order = readOrder()
  if (typeof order === 'string') {
    console.error(`${order} Usage: ${USAGE}`)
    return 1
  }
  const { inputs, seed, targets, input } = order
  if (input) return replay(targets[0] as unknown as Target<unknown>, input.value)

  console.log(`seed: ${seed}`)
  const failures = await campaign(targets, chunks(targets, inputs, seed))
  for (const target of targets) {
    const growth = worstGrowth(target)
    if (growth) console.log(`${target.name}: ${described(growth)}`)
    if (!growth?.tooMuch) continue
    const violation = `takes ${growth.ratio.toFixed(0)} times as long to read 16 times as much of ${JSON.stringify(growth.text)}`
    failures.push({ target: target.name, input: growth.text, violation })
  }
  for (const failure of failures) console.log(told(failure))
  console.log(`seed: ${seed}`)
  console.log(`inputs: ${inputs}, failures: ${failures.length}`)
  return failures.length === 0 ? 0 : 1
}

/** What the command line asks for, or what is wrong with it. */
function readOrder() {
  const options = { seed: { type: 'string' }, target: { type: 'string' }, input: { type: 'string' } } as const
  let parsed
  try {
    parsed = parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return `${reason(error)
      .split(/\n|\. To specify/)[0]!
      .replace(/\.$/, '')}.`
  }
  const { values, positionals } = parsed
  const inputs = Number(positionals[0] ?? 100_000)
  if (positionals.length > 1 || !Number.isSafeInteger(inputs) || inputs < 1)
    return 'The inputs must be one whole number from 1.'
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
  if (!Number.isSafeInteger(seed) || values.seed?.trim() === '') return 'The seed must be a whole number.'
  const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target)
  if (targets.length === 0) return `There is no such target. Targets: ${TARGETS.map(({ name }) => name).join(', ')}.`
  if (values.input === undefined) return { inputs, seed, targets }
  if (targets.length > 1) return 'An input is for one target: name it.'
  try {
    return { inputs, seed, targets, input: { value: JSON.parse(values.input) as unknown } }
  } catch {
    return 'The input must be JSON.'
  }
}

/** Runs the chunks on all cores, and tells of each target when it is done. */
async function campaign(targets: readonly Target[], all: readonly Chunk[]): Promise<Failure[]> {
  const failures = new Map<string, Failure>()
  const left = new Map(targets.map(({ name }) => [name, all.filter(({ target }) => target === name).length]))
  const waiting = [...all]
  const run = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('message', ({ chunk, failure }: Report) => {
        if (failure && !failures.has(failure.target)) failures.set(failure.target, failure)
        if (chunk) {
          const rest = left.get(chunk.target)! - 1
          left.set(chunk.target, rest)
          if (rest === 0) {
            const inputs = all
              .filter(({ target }) => target === chunk.target)
              .reduce((sum, { inputs }) => sum + inputs, 0)
            console.log(`${chunk.target}: ${inputs} inputs, ${failures.has(chunk.target) ? 'FAILED' : 'fine'}`)
          }
        }
        const next = waiting.shift()
        if (next) worker.postMessage(next)
        else void worker.terminate().then(() => resolve(), reject)
      })
    })
  const threads = Math.min(availableParallelism(), all.length)
  await Promise.all(Array.from({ length: threads }, () => run(new Worker(new URL(import.meta.url)))))
  return [...failures.values()]
}

function described({ time, ratio, text }: Growth): string {
  const longest = `the slowest long text, ${JSON.stringify(text)} again and again, takes ${time.toFixed(1)} ms`
  return `${longest}, ${ratio.toFixed(1)} times as long as a sixteenth of it`
}

async function replay(target: Target<unknown>, input: unknown): Promise<number> {
  try {
    await target.check(input)
    console.log('inputs: 1, failures: 0')
    return 0
  } catch (error) {
    console.log(told({ target: target.name, input, violation: reason(error) }))
    console.log('inputs: 1, failures: 1')
    return 1
  }
}

function told({ target, input, violation }: Failure): string {
  const json = JSON.stringify(input)
  const quoted = `'${json.replaceAll("'", `'\\''`)}'`
  return `\n${target} fails for ${json}\n${violation}\nreplay: npm run fuzz -- --target ${target} --input ${quoted}\n`
}

// What a fleet costs the authorization server and Redis, with and without a shared store: `npm run scaling --
// [--processes 10000] [--lifetime 3600] [--seed 1] [--json]`. The figures of docs/scaling.md are what it prints.
import { parseArgs } from 'node:util'

import { simulate } from './scaling.js'

const MAX_PROCESSES = 100_000
/** A day, in seconds. */
const MAX_LIFETIME = 86_400

const asked = options()
if (asked === undefined) {
  console.error(
    `All take whole numbers from 1 up, processes to ${MAX_PROCESSES}, lifetime to ${MAX_LIFETIME}. Usage: npm run scaling -- [--processes 10000] [--lifetime 3600] [--seed 1] [--json]`,
  )
  process.exit(1)
}
const { processes, lifetime, seed, json } = asked

const round = (number: number) => Number(number.toPrecision(3))
for (const shared of [false, true]) {
  const findings = await simulate({ processes, lifetime, shared, seed })
  const rows = findings.map(({ situation, tokenRequests, commands, servedAfter }) => ({
    situation,
    'token requests': tokenRequests.total,
    'in the busiest second': tokenRequests.peak,
    'per second': round(tokenRequests.mean),
    'Redis commands': commands.total,
    'in its busiest second': commands.peak,
    'all served after ms': servedAfter ?? '',
  }))
  if (json) console.log(JSON.stringify({ processes, lifetime, shared, seed, findings }))
  else {
    console.log(
      `${processes} processes, tokens of ${lifetime / 1_000} s, ${shared ? 'one store in Redis' : 'no store'}`,
    )
    console.table(rows)
  }
}

/** What the command line asks for; undefined when it cannot be had. */
function options() {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      options: { processes: text, lifetime: text, seed: text, json: { type: 'boolean' } },
    })
    const processes = Number(values.processes ?? 10_000)
    const lifetime = Number(values.lifetime ?? 3_600) * 1_000
    const seed = Number(values.seed ?? 1)
    const isWhole = [processes, lifetime, seed].every((number) => Number.isSafeInteger(number) && number > 0)
    return isWhole && processes <= MAX_PROCESSES && lifetime <= MAX_LIFETIME * 1_000
      ? { processes, lifetime, seed, json: values.json }
      : undefined
  } catch {
    return undefined
  }
}

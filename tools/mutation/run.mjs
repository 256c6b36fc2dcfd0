// Mutation testing of the core: `npm run mutation`, or `npm run mutation -- token http/tee.ts` for a room and a file.
// Ends with the line `mutation score: NN.NN`; CONTRIBUTING.md says how to read what stands above it.
import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

import { tally } from './mutant.mjs'
import { mutate, ROOMS } from './room.mjs'

/** Below it the run fails. */
const FLOOR = 95

const scope = process.argv.length > 2 ? process.argv.slice(2) : ROOMS
const explanations = JSON.parse(readFileSync('tools/mutation/survivors.json', 'utf8'))

for (const path of scope) {
  if (!ROOMS.includes(path.split('/')[0]) || path.includes('..') || !existsSync(`src/${path}`)) {
    console.error(
      `mutation: ${path} is neither a room (${ROOMS.join(', ')}) nor a file in one, such as token/flight.ts`,
    )
    process.exit(1)
  }
}

const all = []
for (const room of ROOMS) {
  const paths = scope.filter((path) => path.split('/')[0] === room)
  if (paths.length === 0) continue
  const startedAt = performance.now()
  const mutants = await mutate(
    room,
    paths.map((path) => (path === room ? `src/${room}/**/*.ts` : `src/${path}`)),
  )
  all.push(...mutants)
  report(room, mutants, (performance.now() - startedAt) / 60_000)
}

const stale = explanations.filter(
  (explanation) =>
    scope.some((path) => explanation.file === `src/${path}` || explanation.file.startsWith(`src/${path}/`)) &&
    !all.some((mutant) => mutant.survived && explains(explanation, mutant)),
)
for (const { file, original, mutated } of stale) {
  console.log(`\nno survivor any more: take it out of survivors.json\n  ${file}\n  ${original}\n  -> ${mutated}`)
}

const unexplained = all.filter((mutant) => mutant.survived && explanationOf(mutant) === undefined)
const { score } = tally(all)
console.log(`\n${unexplained.length} survivors without an explanation, ${stale.length} explanations without a survivor`)
// Not `<`: a score of no mutants at all is no number.
if (!(Number(score) >= FLOOR) || unexplained.length > 0 || stale.length > 0) process.exitCode = 1
console.log(`mutation score: ${score}`)

function report(room, mutants, minutes) {
  for (const mutant of mutants.filter(({ survived }) => survived)) {
    const { file, lineNumber, line, original, mutated } = mutant
    console.log(`\n${file}:${lineNumber}  ${line}\n  ${original}\n  -> ${mutated}`)
    console.log(`  ${explanationOf(mutant)?.reason ?? 'SURVIVED, UNEXPLAINED'}`)
  }
  const { score, ...counts } = tally(mutants)
  const figures = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  console.log(`\n${room}: ${score} (${figures.join(', ')}) in ${minutes.toFixed(1)} min\n`)
}

function explanationOf(mutant) {
  return explanations.find((explanation) => explains(explanation, mutant))
}

function explains(explanation, mutant) {
  return ['file', 'line', 'original', 'mutated'].every((member) => explanation[member] === mutant[member])
}

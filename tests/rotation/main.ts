// A process that goes on with a session, by refresh tokens that rotate, is killed again and again and started anew:
// `npm run rotation -- --kills 200`. The session must survive, but for the window that docs/guarantees.md names.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { chanceFrom } from '../soak/chance.js'
import { callForever } from './refresher.js'
import type { Errand } from './refresher.js'
import { killAgainAndAgain } from './rotation.js'
import type { Aim, Finding } from './rotation.js'

/** Sessions that are gone on with at the same time, each in a directory of its own. */
const LANES = 2

const [errand] = process.argv.slice(2)
if (process.send !== undefined && errand !== undefined) await callForever(JSON.parse(errand) as Errand)
else process.exitCode = await main()

async function main(): Promise<number> {
  const asked = options()
  if (typeof asked === 'string') {
    console.error(`${asked} Usage: npm run rotation -- [--kills 200] [--seed 1]`)
    return 1
  }
  const { kills, seed } = asked
  console.log(`rotation: ${kills} kills, seed ${seed}`)
  const findings: Finding[] = []
  const lane = async (number: number) => {
    const share = Math.floor((kills + number) / LANES)
    for await (const finding of killAgainAndAgain(share, fileURLToPath(import.meta.url), chanceFrom(seed + number))) {
      findings.push(finding)
      if (finding.outcome === 'lost') console.log(`lost, killed at ${finding.aim}: ${finding.why}`)
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))

  const count = (outcome: Finding['outcome'], aim?: Aim) =>
    findings.filter((finding) => finding.outcome === outcome && (aim === undefined || finding.aim === aim)).length
  for (const aim of new Set(findings.map((finding) => finding.aim))) {
    console.log(`killed at ${aim}: ${count('kept', aim)} kept, ${count('inside', aim)} inside the window`)
  }
  console.log(`kills: ${findings.length}, inside the window: ${count('inside')}, lost: ${count('lost')}`)
  return count('lost') === 0 ? 0 : 1
}

/** What the command line asks for, or what is wrong with it. */
function options(): { kills: number; seed: number } | string {
  try {
    const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
    const kills = Number(values.kills ?? 200)
    const seed = Number(values.seed ?? Date.now() % 1_000_000)
    if (!Number.isSafeInteger(kills) || kills < 1) return '--kills takes a whole number from 1 up.'
    if (!Number.isSafeInteger(seed) || values.seed?.trim() === '') return '--seed takes a whole number.'
    return { kills, seed }
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    return `${what!.replace(/\.$/, '')}.`
  }
}

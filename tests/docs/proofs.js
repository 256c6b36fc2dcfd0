import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** The rows of docs/guarantees.md: what is promised, which files keep it, and which tests prove it. */
export function guarantees(page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')) {
  return [...page.matchAll(/^\| (?<id>R\d\d) *\| (?<promise>.+?) *\| (?<keepers>.+?) *\| (?<proofs>.+?) *\|$/gm)].map(
    ({ groups }) => ({
      id: groups.id,
      promise: groups.promise,
      keepers: groups.keepers.split(', ').map((keeper) => /^`(src\/.+)`$/.exec(keeper)?.[1] ?? keeper),
      proofs: groups.proofs.split('<br>').map(parseProof),
    }),
  )
}

function parseProof(proof) {
  const [, file, name] = /^`(tests\/[^`]+\.test\.ts)`: (.+)$/.exec(proof) ?? []
  if (file === undefined || name === undefined) throw new Error(`Not a proof: ${proof}`)
  return { file, name }
}

/**
 * The proofs that a Jest run shows to be none: a test, or a group of them, that is named in a row and is not in its file, or
 * did not pass. Files that were not run say nothing. Where tests may be skipped, a skipped one is no fault.
 */
export function brokenProofs(rows, testResults, { maySkip }) {
  const resultsOf = new Map(testResults.map(({ testFilePath, testResults: tests }) => [testFilePath, tests]))
  return rows.flatMap(({ id, proofs }) =>
    proofs.flatMap(({ file, name }) => {
      const tests = resultsOf.get(join(root, file))
      if (tests === undefined && existsSync(join(root, file))) return []
      const statuses = statusesOf(tests ?? [], name)
      const isProved =
        statuses.length > 0 && statuses.every((status) => status === 'passed' || (maySkip && status === 'pending'))
      return isProved
        ? []
        : [`${id}: ${file}: ${name}: ${statuses.find((status) => status !== 'passed') ?? 'not there'}`]
    }),
  )
}

function statusesOf(tests, name) {
  return tests
    .filter(({ ancestorTitles, title }) => `${[...ancestorTitles, title].join(' › ')} › `.startsWith(`${name} › `))
    .map(({ status }) => status)
}

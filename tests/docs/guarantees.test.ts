import { beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNamedTests } from './named-tests.js'
import type { NamedTest } from './named-tests.js'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')

const rows = [
  ...page.matchAll(/^\| (?<id>R\d\d) *\| (?<promise>.+?) *\| (?<keepers>.+?) *\| (?<proofs>.+?) *\|$/gm),
].map(({ groups }) => ({
  id: groups!['id']!,
  promise: groups!['promise']!,
  keepers: groups!['keepers']!.split(', ').map((keeper) => /^`(src\/.+)`$/.exec(keeper)?.[1] ?? keeper),
  proofs: groups!['proofs']!.split('<br>').map(parseProof),
}))

function parseProof(proof: string): NamedTest {
  const [, file, name] = /^`(tests\/[^`]+\.test\.ts)`: (.+)$/.exec(proof) ?? []
  if (file === undefined || name === undefined) throw new Error(`Not a proof: ${proof}`)
  return { file, name }
}

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `R${String(first + index).padStart(2, '0')}`)

describe('docs/guarantees.md', () => {
  let statusesOf: Awaited<ReturnType<typeof runNamedTests>>

  beforeAll(async () => {
    statusesOf = await runNamedTests([
      ...rows.flatMap(({ proofs }) => proofs),
      { file: 'tests/base/abortable.test.ts', name: 'abortable › does what it never did' },
    ])
  }, 120_000)

  it('has one row for each requirement that is built', () => {
    const built = [...numbers(1, 30), ...numbers(36, 41)]
    expect(rows.map(({ id }) => id)).toEqual(built)
  })

  it.each(rows)('$id is a promise, kept by files that exist', ({ promise, keepers }) => {
    expect(promise).toMatch(/^.{20,}\.\)?$/)
    expect(keepers.filter((keeper) => !existsSync(join(root, keeper)))).toEqual([])
  })

  it.each(rows)('$id is proved by tests that run and pass', ({ proofs }) => {
    for (const proof of proofs) {
      const statuses = statusesOf(proof)
      expect({ ...proof, statuses: [...new Set(statuses)] }).toEqual({ ...proof, statuses: ['passed'] })
    }
  })

  it('would miss a test that is not there', () => {
    expect(statusesOf({ file: 'tests/base/abortable.test.ts', name: 'abortable › does what it never did' })).toEqual([])
  })
})

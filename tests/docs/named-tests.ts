import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A test, or a group of them, by its file and its titles from the outermost on, with ` › ` between. */
export interface NamedTest {
  readonly file: string
  readonly name: string
}

/** What Jest says of one test. */
interface Result {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/**
 * Runs the named tests, and no others of their files, in a Jest of their own. The answer says of a named test how each
 * test of that name ended: one status for a test, several for a group, none for what does not exist.
 */
export async function runNamedTests(tests: readonly NamedTest[]): Promise<(test: NamedTest) => string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'everbearer-'))
  try {
    const report = join(folder, 'report.json')
    const jest = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
        '--runTestsByPath',
        ...new Set(tests.map(({ file }) => file)),
        `--testNamePattern=^(${tests.map(({ name }) => escaped(name.replaceAll(' › ', ' '))).join('|')})( |$)`,
        '--json',
        `--outputFile=${report}`,
        '--coverage=false',
      ],
      { cwd: root, stdio: 'ignore' },
    )
    await once(jest, 'close')
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
      testResults: { name: string; assertionResults: Result[] }[]
    }
    const resultsOf = new Map(testResults.map(({ name, assertionResults }) => [name, assertionResults]))
    return ({ file, name }) =>
      (resultsOf.get(join(root, file)) ?? [])
        .filter(({ ancestorTitles, title }) => `${[...ancestorTitles, title].join(' › ')} › `.startsWith(`${name} › `))
        .map(({ status }) => status)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

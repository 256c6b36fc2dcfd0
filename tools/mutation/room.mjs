import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { Stryker } from '@stryker-mutator/core'

/** The rooms whose tests are put to the test. */
export const ROOMS = ['protocol', 'token', 'http']

const DETECTED = ['Killed', 'Timeout']
const UNDETECTED = ['Survived', 'NoCoverage']

/**
 * Changes the sources of a room, all or those of some files, in one place at a time, and runs the room's tests for each
 * change. The sandbox is in the system's folder for temporary files: the working tree stays as it is.
 */
export async function mutate(room, patterns) {
  const results = await new Stryker({
    mutate: patterns,
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'],
    jest: {
      configFile: 'jest.config.ts',
      config: {
        testMatch: [`<rootDir>/tests/${room}/**/*.test.ts`],
        // It asks child processes, which would not meet the mutant.
        testPathIgnorePatterns: ['/token-manager/process\\.test'],
        // Stryker does not know <rootDir>.
        testEnvironment: './tools/mutation/first-failure-environment.mjs',
        runner: '<rootDir>/tools/mutation/covering-tests-runner.mjs',
        moduleNameMapper: {
          '^(\\.{1,2}/.*)\\.js$': '$1',
          '^fast-check$': '<rootDir>/tools/mutation/no-properties.mjs',
        },
      },
    },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // Jest never lets go of all that a test file's modules took.
    maxTestRunnerReuse: 200,
    // An endless loop is told from a busy machine.
    timeoutMS: 8_000,
    timeoutFactor: 3,
    tempDirName: join(tmpdir(), `everbearer-mutation-${process.pid}`),
    ignorePatterns: ['/coverage', '/dist', '/docs', '/tools/next'],
    cleanTempDir: 'always',
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    logLevel: 'warn',
  }).runMutationTest()
  return results.map(mutantOf)
}

/** What the rest of the program needs to know of one mutant, in the words of the source. */
function mutantOf({ fileName, location, replacement, status }) {
  const lines = readFileSync(fileName, 'utf8').split('\n')
  const { start, end } = location
  const text = lines.slice(start.line - 1, end.line)
  text.push(text.pop().slice(0, end.column - 1))
  text.unshift(text.shift().slice(start.column - 1))
  return {
    file: relative('.', fileName),
    lineNumber: start.line,
    line: lines[start.line - 1].trim(),
    original: oneLine(text.join('\n')),
    mutated: oneLine(replacement),
    status,
    survived: UNDETECTED.includes(status),
  }
}

export function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim()
}

/** How many mutants there are, what became of them, and the share of those found out among those that could run. */
export function tally(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  const [detected, undetected] = [count(...DETECTED), count(...UNDETECTED)]
  return {
    mutants: mutants.length,
    killed: count('Killed'),
    'timed out': count('Timeout'),
    survived: undetected,
    'did not load': mutants.length - detected - undetected,
    score: ((100 * detected) / (detected + undetected)).toFixed(2),
  }
}

import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Stryker } from '@stryker-mutator/core'

import { mutantOf } from './mutant.mjs'

/** The rooms whose tests are put to the test. */
export const ROOMS = ['protocol', 'token', 'http', 'client', 'paging']

/**
 * Changes the sources of a room, all or those of some files, in one place at a time, and runs the room's tests for each
 * change. The sandbox is in the system's folder for temporary files: the working tree stays as it is.
 */
export async function mutate(room, patterns) {
  const results = await new Stryker({
    mutate: patterns,
    testRunner: 'jest',
    plugins: [
      '@stryker-mutator/jest-runner',
      join(import.meta.dirname, 'survivor-reporter.mjs'),
      join(import.meta.dirname, 'option-names-ignorer.mjs'),
    ],
    ignorers: ['option-names'],
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
    reporters: ['progress-append-only', 'survivors'],
    allowConsoleColors: false,
    logLevel: 'warn',
  }).runMutationTest()
  return results.map(mutantOf)
}

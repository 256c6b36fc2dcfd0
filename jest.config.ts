/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  // Much of the time a test waits for a socket or a process: two cores serve three workers.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Modules of the vm are never let go of: a worker that has run a hundred files is slow, and slow to end.
  workerIdleMemoryLimit: '400MB',
  // A limit for what hangs, not a measure of speed: a busy machine takes its time.
  testTimeout: 30_000,
  // Nothing else is searched: the second lane keeps a copy of the project in tools.
  roots: ['<rootDir>/src', '<rootDir>/tests'],
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testSequencer: '<rootDir>/tests/long-waits-first.js',
  extensionsToTreatAsEsm: ['.ts'],
  // TypeScript sources import './x.js', the file that tsc will write.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', explicitResourceManagement: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // `npm run coverage`. Not by V8, which counts the way out of an endless loop as a branch.
  collectCoverageFrom: ['src/{protocol,token,http,client,paging}/**/*.ts'],
  coverageProvider: 'babel',
  coverageReporters: ['text'],
  coverageThreshold: {
    global: {},
    './src/protocol/': { branches: 100 },
    './src/token/': { branches: 100 },
    './src/http/': { branches: 100 },
    './src/client/': { branches: 100 },
    './src/paging/': { branches: 100 },
  },
  reporters: ['default', '<rootDir>/tests/closing-line-reporter.js'],
}

export default config

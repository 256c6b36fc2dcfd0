import { spawnSync } from 'node:child_process'
import { Writable } from 'node:stream'

import { untested } from './docs/guarantees.js'

const NO_REDIS =
  'NO redis-server: THE TESTS OF REDIS AND OF FLEETS WERE SKIPPED. To run them: apt-get install redis-server'

/**
 * Ends a Jest run with one line that any CI can read: `N passed, N failed`. It waits for the process to exit, because
 * Jest prints its coverage table and its notices about open handles after the reporters are done, and it goes past
 * `process.stdout.write`, which Jest silences before a forced exit.
 *
 * A test title that has the number of a guarantee of docs/guarantees.md must have run: otherwise that counts as a failure.
 */
export default class ClosingLineReporter {
  #isPartial
  #untested = []

  constructor({ testNamePattern }) {
    this.#isPartial = Boolean(testNamePattern)
  }

  onRunComplete(_contexts, results) {
    const isSkipping = results.numPendingTests > 0
    const lacksRedis = isSkipping && spawnSync('redis-server', ['--version']).status !== 0
    if (lacksRedis) console.error(NO_REDIS)
    if (!this.#isPartial) {
      this.#untested = untested(results.testResults, { maySkip: lacksRedis })
    }
    for (const fault of this.#untested) console.error(`A guarantee of docs/guarantees.md is not tested: ${fault}`)
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + this.#untested.length
    const skipped = isSkipping ? `, ${results.numPendingTests} skipped` : ''
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped}\n`
    process.once('exit', () => Writable.prototype.write.call(process.stdout, line))
  }

  getLastError() {
    return this.#untested.length > 0 ? new Error('A guarantee of docs/guarantees.md is not tested.') : undefined
  }
}

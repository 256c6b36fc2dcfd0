import { spawnSync } from 'node:child_process'
import { Writable } from 'node:stream'

import { brokenProofs, guarantees } from './docs/proofs.js'

const NO_REDIS =
  'NO redis-server: THE TESTS OF REDIS AND OF FLEETS WERE SKIPPED. To run them: apt-get install redis-server'

/**
 * Ends a Jest run with one line that any CI can read: `N passed, N failed`. It waits for the process to exit, because
 * Jest prints its coverage table and its notices about open handles after the reporters are done, and it goes past
 * `process.stdout.write`, which Jest silences before a forced exit.
 *
 * Before that it looks whether the tests that docs/guarantees.md names were among those that passed: each that was not
 * counts as a failure.
 */
export default class ClosingLineReporter {
  #isPartial
  #broken = []

  constructor({ testNamePattern }) {
    this.#isPartial = Boolean(testNamePattern)
  }

  onRunComplete(_contexts, results) {
    const isSkipping = results.numPendingTests > 0
    const lacksRedis = isSkipping && spawnSync('redis-server', ['--version']).status !== 0
    if (lacksRedis) console.error(NO_REDIS)
    if (!this.#isPartial) {
      this.#broken = brokenProofs(guarantees(), results.testResults, { maySkip: lacksRedis })
    }
    for (const proof of this.#broken) console.error(`docs/guarantees.md names what is no proof: ${proof}`)
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + this.#broken.length
    const skipped = isSkipping ? `, ${results.numPendingTests} skipped` : ''
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped}\n`
    process.once('exit', () => Writable.prototype.write.call(process.stdout, line))
  }

  getLastError() {
    return this.#broken.length > 0 ? new Error('docs/guarantees.md names tests that do not prove it.') : undefined
  }
}

import { spawnSync } from 'node:child_process'
import { Writable } from 'node:stream'

/**
 * Ends a Jest run with one line that any CI can read: `N passed, N failed`. It waits for the process to exit, because
 * Jest prints its coverage table and its notices about open handles after the reporters are done, and it goes past
 * `process.stdout.write`, which Jest silences before a forced exit.
 */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : ''
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped}\n`
    if (results.numPendingTests > 0 && spawnSync('redis-server', ['--version']).status !== 0) {
      console.error(
        'NO redis-server: THE TESTS OF REDIS AND OF FLEETS WERE SKIPPED. To run them: apt-get install redis-server',
      )
    }
    process.once('exit', () => Writable.prototype.write.call(process.stdout, line))
  }
}

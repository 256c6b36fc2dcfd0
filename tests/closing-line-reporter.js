/**
 * Ends a Jest run with one line that any CI can read: `N passed, N failed`. It waits for the process to exit, because
 * Jest prints its coverage table and its notices about open handles after the reporters are done.
 */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : ''
    process.once('exit', () => console.log(`${results.numPassedTests} passed, ${failed} failed${skipped}`))
  }
}

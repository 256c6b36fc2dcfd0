/** Ends a Jest run with one line that any CI can read: `N passed, N failed`. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : ''
    console.log(`${results.numPassedTests} passed, ${failed} failed${skipped}`)
  }
}

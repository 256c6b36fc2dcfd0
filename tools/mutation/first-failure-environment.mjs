import { TestEnvironment } from 'jest-environment-node'

/** After a failure the rest of the file is skipped: one is all it takes, and what hangs would cost each test's time-out. */
export default class FirstFailureEnvironment extends TestEnvironment {
  handleTestEvent(event, state) {
    if (event.name === 'test_done' && event.test.errors.length > 0) state.testNamePattern = /(?!)/
  }
}

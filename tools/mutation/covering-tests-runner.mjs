import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import jestRunner from 'jest-runner'

const JestRunner = jestRunner.default ?? jestRunner

/**
 * Runs the tests of a mutant. Jest would load every test file and then skip what does not cover the mutant; this runs the
 * files that hold a covering test, the quickest first, and ends at the first failure, which is all it takes.
 */
export default class CoveringTestsRunner extends JestRunner {
  #record
  #pattern

  constructor(globalConfig, context) {
    super(globalConfig, context)
    this.#record = join(globalConfig.rootDir, 'test-files.json')
    this.#pattern = new RegExp(globalConfig.testNamePattern || '', 'i')
  }

  async runTests(tests, watcher, options) {
    if (!existsSync(this.#record)) return this.#runAll(tests, watcher, options)
    const files = JSON.parse(readFileSync(this.#record, 'utf8'))
    const covering = tests
      .filter(({ path }) => files[path]?.names.some((name) => this.#pattern.test(name)))
      .sort((a, b) => files[a.path].duration - files[b.path].duration)
    this.on('test-file-success', ([, { numFailingTests }]) => {
      if (numFailingTests > 0) watcher.setState({ interrupted: true })
    })
    return super.runTests(covering, watcher, options)
  }

  /** The first run, without a mutant. */
  async #runAll(tests, watcher, options) {
    const files = {}
    this.on('test-file-success', ([test, { perfStats, testResults }]) => {
      files[test.path] = { duration: perfStats.runtime, names: testResults.map(({ fullName }) => fullName) }
    })
    await super.runTests(tests, watcher, options)
    writeFileSync(this.#record, JSON.stringify(files))
  }
}

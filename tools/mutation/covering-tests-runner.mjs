import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import jestRunner from 'jest-runner'

const JestRunner = jestRunner.default ?? jestRunner

/**
 * Runs the tests of a mutant. Jest would load every test file and then skip what does not cover the mutant; this runs the
 * files that hold a covering test: the one that mirrors the mutant's source first, then the quickest. It ends at the
 * first failure, which is all it takes.
 */
export default class CoveringTestsRunner extends JestRunner {
  #record
  #pattern
  #mirror

  constructor(globalConfig, context) {
    super(globalConfig, context)
    this.#record = join(globalConfig.rootDir, 'test-files.json')
    this.#pattern = new RegExp(globalConfig.testNamePattern || '', 'i')
    // What Jest was asked to find the related tests of.
    this.#mirror = globalConfig.nonFlagArgs.map((source) => `${basename(source, '.ts')}.test.ts`)
  }

  async runTests(tests, watcher, options) {
    if (!existsSync(this.#record)) return this.#runAll(tests, watcher, options)
    const files = JSON.parse(readFileSync(this.#record, 'utf8'))
    const costOf = (path) => (this.#mirror.includes(basename(path)) ? 0 : files[path].duration)
    const covering = tests
      .filter(({ path }) => files[path]?.names.some((name) => this.#pattern.test(name)))
      .sort((a, b) => costOf(a.path) - costOf(b.path))
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

import Sequencer from '@jest/test-sequencer'

/** Files that mostly wait, for other processes and for real time. Begun last, they would keep one core waiting alone. */
const LONG_WAITS =
  /\/tests\/(cli\/main|docs\/(docstrings|readme)|fleet\/fleet|redis\/(contract|faults)|rotation\/rotation|stores\/sharing|workers\/workers)\.test\.ts$/

/** Jest's own order, by how long a file took last time or how long it is, with those in front. */
export default class LongWaitsFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests)
    const waits = ({ path }) => LONG_WAITS.test(path)
    return [...sorted.filter(waits), ...sorted.filter((test) => !waits(test))]
  }
}

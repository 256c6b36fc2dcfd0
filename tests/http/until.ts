/**
 * Lets the event loop turn until it has come to that. Gives up before its test does: a loop that went on behind the tests
 * that follow would slow each of them down.
 */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 4_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error('It has not come to that.')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

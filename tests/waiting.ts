/** Lets the event loop turn once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Waits for so many milliseconds. */
export function soon(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** A promise, and what settles it. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}

/**
 * Lets the event loop turn until it has come to that. Gives up before its test does: a loop that went on behind the tests
 * that follow would slow each of them down.
 */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 4_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error('It has not come to that.')
    await turn()
  }
}

import { abortable } from './abortable.js'

/** One after the other, in the order in which they came. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  /** Waits for a turn, and gives what ends it. Who gives up waiting, by the signal, holds nobody up. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#last
    let end!: () => void
    const turn = new Promise<void>((resolve) => (end = resolve))
    this.#last = before.then(() => turn)
    try {
      await (signal ? abortable(before, signal) : before)
    } catch (error) {
      end()
      throw error
    }
    return end
  }
}

import type { Clock } from '../base/clock.js'

/** How much of a 401's body is kept, and how many milliseconds its end is waited for. */
export const MAX_BYTES = 64 * 1024
export const MAX_WAIT = 200

/** The beginning of a body: at most 64 KiB of it, or what comes within 200 ms. What is left of it is cancelled. */
export async function readBeginning(response: Response, clock: Clock): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  const cancel = () => void reader.cancel().catch(() => undefined)
  const timer = clock.setTimeout(cancel, MAX_WAIT)
  timer.ref()
  try {
    for (let bytes = 0; bytes < MAX_BYTES;) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
      bytes += value.byteLength
    }
  } catch {
    // A body that breaks off is as good as one that ends: it is judged by what came.
  } finally {
    timer.clear()
    cancel()
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES).toString()
}

import type { Refusals } from './refusal.js'

/** Reads the body of a request, or rejects with a refusal as soon as there are more than so many bytes. */
export async function readText(request: Request, maximum: number, refusals: Refusals): Promise<string> {
  if (request.body === null) return ''
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    length += read.value.length
    if (length > maximum) {
      await reader.cancel()
      throw refusals.bodyTooLarge(maximum)
    }
  }
  return Buffer.concat(chunks).toString()
}

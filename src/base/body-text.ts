import { StringDecoder } from 'node:string_decoder'

/**
 * A body as text, or undefined when it is longer than so many bytes; it is then left unread. Decoded piece by piece:
 * whole, the bytes would be held twice, outside the heap, where garbage is collected late.
 */
export async function readText(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string | undefined> {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) return undefined
    text += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
  }
  return text + decoder.end()
}

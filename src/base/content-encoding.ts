import { pipeline, Readable } from 'node:stream'
import type { Transform } from 'node:stream'

/** A body is not what its Content-Encoding says, or says one that is not known. */
export class ContentEncodingError extends Error {
  override readonly name = 'ContentEncodingError'
}

/**
 * Undoes the codings of a `Content-Encoding` header (RFC 9110 section 8.4): gzip, deflate and br, the last one first. Decodes
 * only as far as it is read. Throws {@link ContentEncodingError} when it is read.
 */
export function decoded(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string | readonly string[] | undefined,
): AsyncIterable<Uint8Array> {
  const codings = codingsOf(contentEncoding)
  return codings.length === 0 ? body : decode(body, codings)
}

/** Returns the beginning of a body as text, decoded, up to so many bytes. A body that breaks off ends there. */
export async function beginningOfText(
  chunks: readonly Uint8Array[],
  contentEncoding: string | readonly string[] | undefined,
  mostBytes: number,
): Promise<string> {
  const beginning: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of decoded(Readable.from(chunks), contentEncoding)) {
      beginning.push(chunk)
      bytes += chunk.byteLength
      if (bytes >= mostBytes) break
    }
  } catch {
    // Only a part of the body was kept, or it is none of that coding: what could be read is all there is.
  }
  return Buffer.concat(beginning).subarray(0, mostBytes).toString()
}

function codingsOf(contentEncoding: string | readonly string[] | undefined): string[] {
  const codings = [contentEncoding ?? []].flat().join().toLowerCase().split(',')
  return codings.map((coding) => coding.trim()).filter((coding) => coding !== '' && coding !== 'identity')
}

async function* decode(body: AsyncIterable<Uint8Array>, codings: readonly string[]): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  const first = await chunks.next()
  // Nothing was encoded, as in the response to HEAD.
  if (first.done) return
  const whole = Readable.from(from(first.value, chunks))
  let failure: unknown
  whole.on('error', (error) => (failure = error))
  try {
    const decoders: Transform[] = []
    for (const coding of codings.toReversed()) decoders.push(await decoderOf(coding, first.value))
    // Whoever stops reading the last one destroys all of them.
    pipeline([whole, ...decoders], () => undefined)
    yield* decoders.at(-1) as AsyncIterable<Uint8Array>
  } catch (error) {
    if (failure !== undefined) throw failure as Error
    throw error instanceof ContentEncodingError ? error : new ContentEncodingError(`not encoded as ${codings.join()}`)
  } finally {
    whole.destroy()
    await chunks.return?.()
  }
}

async function* from(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* { [Symbol.asyncIterator]: () => rest }
}

/** Loaded when it is needed: most responses are not encoded. */
async function decoderOf(coding: string, first: Uint8Array): Promise<Transform> {
  const { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = await import('node:zlib')
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      // Some servers leave out the zlib header, whose first byte ends in 8.
      return (Number(first[0]) & 0x0f) !== 8 ? createInflateRaw() : createInflate()
    default:
      throw new ContentEncodingError(`encoded as ${coding}, which is not known`)
  }
}

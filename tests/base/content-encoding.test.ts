import { describe, expect, it } from '@jest/globals'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { beginningOfText, ContentEncodingError, decoded } from '../../src/base/content-encoding.js'

const TEXT = 'täglich '.repeat(1_000)
const plain = Buffer.from(TEXT)

/** In pieces of so many bytes. Says whether somebody left early. */
function body(bytes: Buffer, size = 100) {
  const seen = { left: false, pieces: 0 }
  async function* pieces() {
    try {
      for (let from = 0; from < bytes.length; from += size) {
        seen.pieces += 1
        yield bytes.subarray(from, from + size)
      }
    } finally {
      seen.left = true
    }
  }
  return { seen, chunks: pieces() }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all).toString()
}

describe('decoded', () => {
  it.each([
    [undefined, plain],
    ['identity', plain],
    ['', plain],
    ['gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['gzip, br', brotliCompressSync(gzipSync(plain))],
    [['gzip', 'identity', 'br'], brotliCompressSync(gzipSync(plain))],
  ])('undoes %j', async (encoding, bytes) => {
    for (const size of [1, 7, bytes.length]) expect(await read(decoded(body(bytes, size).chunks, encoding))).toBe(TEXT)
  })

  it('takes no body at all for an empty one', async () => {
    expect(await read(decoded(body(Buffer.alloc(0)).chunks, 'gzip'))).toBe('')
  })

  it.each([
    ['gzip', plain, 'not encoded as gzip'],
    ['br', plain, 'not encoded as br'],
    ['gzip', gzipSync(plain).subarray(0, 30), 'not encoded as gzip'],
    ['zstd', plain, 'encoded as zstd, which is not known'],
    ['gzip, zstd', gzipSync(plain), 'encoded as zstd, which is not known'],
  ])('rejects what is not %s', async (encoding, bytes, message) => {
    const { seen, chunks } = body(bytes)
    const reading = read(decoded(chunks, encoding))
    await expect(reading).rejects.toThrow(ContentEncodingError)
    await expect(reading).rejects.toThrow(message)
    expect(seen.left).toBe(true)
  })

  it('passes on the error of a body that breaks off', async () => {
    const broken = new Error('reset')
    async function* chunks() {
      yield gzipSync(plain).subarray(0, 20)
      throw broken
    }
    await expect(read(decoded(chunks(), 'gzip'))).rejects.toBe(broken)
  })

  it('decodes no further than it is read, and leaves the body', async () => {
    const { seen, chunks } = body(gzipSync(Buffer.alloc(64 * 1024 * 1024)), 1_000)
    for await (const chunk of decoded(chunks, 'gzip')) {
      expect(chunk.byteLength).toBeGreaterThan(0)
      break
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.left).toBe(true)
    expect(seen.pieces).toBeLessThan(60)
  })
})

describe('beginningOfText', () => {
  it.each([
    [undefined, plain],
    ['gzip', gzipSync(plain)],
  ])('of %s is as long as it may be', async (encoding, bytes) => {
    expect(await beginningOfText([bytes], encoding, 1_000_000)).toBe(TEXT)
    expect(await beginningOfText([bytes], encoding, 9)).toBe('täglich ')
  })

  it('is what can be read of a part', async () => {
    const part = gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, i) => String(i)).join())).subarray(0, 40_000)
    expect(await beginningOfText([part], 'gzip', 20)).toBe('0,1,2,3,4,5,6,7,8,9,')
    expect(await beginningOfText([plain], 'gzip', 20)).toBe('')
  })
})

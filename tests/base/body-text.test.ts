import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readText } from '../../src/base/body-text.js'

async function* body(chunks: Iterable<Uint8Array>, onEnd: () => void = () => undefined) {
  try {
    yield* chunks
  } finally {
    onEnd()
  }
}

describe('readText', () => {
  it('reads a text whatever pieces it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 5 }), async (text, size) => {
        const bytes = Buffer.from(text)
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
        expect(await readText(body(chunks), bytes.length)).toBe(text)
      }),
    )
  })

  it('cuts off what is longer than so many bytes, and lets the rest go unread', async () => {
    let read = 0
    let ended = false
    function* endless() {
      for (;;) {
        read += 1
        yield Buffer.alloc(10)
      }
    }
    expect(
      await readText(
        body(endless(), () => (ended = true)),
        100,
      ),
    ).toBeUndefined()
    expect(read).toBe(11)
    expect(ended).toBe(true)
  })
})

import { describe, expect, it } from '@jest/globals'
import { readBeginning } from '../../src/http/response-beginning.js'
import { FakeClock } from '../../src/testing/index.js'

function body(chunks: (string | Error)[], end = true) {
  const state = { cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk instanceof Error) controller.error(chunk)
        else if (chunk !== undefined) controller.enqueue(Buffer.from(chunk))
        else if (end) controller.close()
        return chunk === undefined && !end ? new Promise(() => undefined) : undefined
      },
      cancel: () => void (state.cancelled = true),
    },
    { highWaterMark: 0 },
  )
  return { response: new Response(stream), state }
}

describe('peek', () => {
  it('reads a short body to its end', async () => {
    const clock = new FakeClock()
    const { response, state } = body(['one ', 'two'])
    expect(await readBeginning(response, clock)).toBe('one two')
    expect([state.cancelled, clock.pendingTimers]).toEqual([false, 0])
  })

  it('reads 64 KiB of a longer one, and cancels it', async () => {
    const clock = new FakeClock()
    const { response, state } = body(['x'.repeat(40_000), 'y'.repeat(40_000), 'z'], false)
    const text = await readBeginning(response, clock)
    expect([text.length, text.endsWith('y'), state.cancelled, clock.pendingTimers]).toEqual([65_536, true, true, 0])
  })

  it('waits for nothing more once it has 64 KiB', async () => {
    const { response, state } = body(['x'.repeat(65_536)], false)
    expect(await readBeginning(response, new FakeClock())).toHaveLength(65_536)
    expect(state.cancelled).toBe(true)
  })

  it('reads what comes within 200 ms, and cancels the rest', async () => {
    const clock = new FakeClock()
    const { response, state } = body(['so far'], false)
    const peeked = readBeginning(response, clock)
    await clock.advance(199)
    expect(state.cancelled).toBe(false)
    await clock.advance(1)
    expect([await peeked, state.cancelled]).toEqual(['so far', true])
  })

  it('reads what comes before a body breaks off', async () => {
    const clock = new FakeClock()
    expect(await readBeginning(body(['so far', new Error('cut')]).response, clock)).toBe('so far')
    expect(clock.pendingTimers).toBe(0)
  })
})

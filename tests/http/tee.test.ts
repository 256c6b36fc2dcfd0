import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Tee } from '../../src/http/tee.js'
import type { Chunk, OneShot } from '../../src/http/tee.js'
import { deferred } from '../waiting.js'

async function all(playing: AsyncIterable<Chunk>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of playing) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('latin1')
}

/** Reads so many chunks and then gives up, as an aborted upload does. */
async function some(playing: AsyncIterator<Chunk>, chunks: number): Promise<void> {
  for (let i = 0; i < chunks; i++) if ((await playing.next()).done) return
  await playing.return?.()
}

function text(chunks: readonly Chunk[]): string {
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as Uint8Array))).toString('latin1')
}

/** The same chunks as every kind of source that is spent by being read. */
const SOURCES: Record<string, (chunks: readonly Chunk[]) => OneShot> = {
  async *'an async generator'(chunks) {
    for (const chunk of chunks) {
      await Promise.resolve()
      yield chunk
    }
  },
  *'a generator'(chunks) {
    yield* chunks
  },
  'a Readable': (chunks) => Readable.from(chunks),
  'a web stream': (chunks) => ReadableStream.from(chunks),
  'an array’s iterator': (chunks) => chunks[Symbol.iterator](),
}

const chunks = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 9 }),
    fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom('a', 'b', 'c') }),
  ),
  { maxLength: 12 },
)

describe('Tee', () => {
  it.each(Object.entries(SOURCES))(
    'plays %s twice, byte for byte, however much was read before',
    async (_name, make) => {
      await fc.assert(
        fc.asyncProperty(chunks, fc.nat(60), fc.nat(13), fc.boolean(), async (given, limit, reads, recorded) => {
          const tee = new Tee(make(given), limit)
          if (recorded) void tee.record()
          await some(tee.play(), reads)
          if (!tee.replayable) {
            expect(text(given).length).toBeGreaterThan(limit)
            return
          }
          expect(await all(tee.play())).toBe(text(given))
        }),
        { numRuns: 300 },
      )
    },
  )

  it('plays whole again whatever the first playing still does once the second was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(40), fc.nat(6), fc.nat(6), async (given, limit, before, after) => {
        const tee = new Tee(SOURCES['an async generator']!(given), limit)
        const first = tee.play()
        for (let i = 0; i < before; i++) await first.next()
        if (!tee.replayable) return
        const second = tee.play()
        const late = Array.from({ length: after }, () => first.next().catch(() => undefined))
        expect(await all(second)).toBe(text(given))
        await Promise.all(late)
      }),
      { numRuns: 300 },
    )
  })

  it('passes the first playing on unchanged, also beyond the limit', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(20), async (given, limit) => {
        const tee = new Tee(SOURCES['an async generator']!(given), limit)
        expect(await all(tee.play())).toBe(text(given))
        expect(tee.replayable).toBe(text(given).length <= limit)
      }),
    )
  })

  it('counts bytes, not characters', async () => {
    const tee = new Tee(['éé'].values(), 4)
    await some(tee.play(), 2)
    expect(tee.replayable).toBe(true)
    const longer = new Tee(['ééé'].values(), 5)
    await some(longer.play(), 2)
    expect(longer.replayable).toBe(false)
  })

  it('keeps nothing of what was played once the limit is passed', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const given: WeakRef<Uint8Array>[] = []
    function* source() {
      for (;;) {
        const chunk = new Uint8Array(1024)
        given.push(new WeakRef(chunk))
        yield chunk
      }
    }
    const tee = new Tee(source(), 2048)
    const playing = tee.play()
    for (let i = 0; i < 50; i++) await playing.next()
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(given).toHaveLength(50)
    expect(given.filter((chunk) => chunk.deref()).length).toBeLessThan(5)
    expect([tee.replayable, tee.bytes]).toEqual([false, undefined])
  })

  it('leaves nothing out when the limit is passed while what was read ahead is played', async () => {
    const gate = deferred()
    async function* source() {
      yield* ['aa', 'bb']
      await gate.promise
      yield* ['cc', 'dd', 'ee']
    }
    const tee = new Tee(source(), 4)
    void tee.record()
    await new Promise((resolve) => setImmediate(resolve))
    const playing = tee.play()
    gate.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(tee.replayable).toBe(false)
    expect(await all(playing)).toBe('aabbccddee')
  })

  it('goes on with the playing that counts when the one before it ends at last', async () => {
    const tee = new Tee(['a', 'b', 'c'].values(), 10)
    const first = tee.play()
    await first.next()
    const second = tee.play()
    expect((await second.next()).value).toBe('a')
    tee.finish()
    await first.return()
    expect([(await second.next()).value, (await second.next()).value]).toEqual(['b', 'c'])
  })

  it.each([false, true])('closes its source once, and not one that has ended (ended: %s)', async (isEnded) => {
    let returns = 0
    const source: AsyncIterator<Chunk> = {
      next: async () => (isEnded ? { done: true, value: undefined } : { done: false, value: 'x' }),
      return: async () => ({ done: true, value: (returns += 1) }),
    }
    const tee = new Tee({ [Symbol.asyncIterator]: () => source }, 10)
    await some(tee.play(), 1)
    tee.dispose()
    tee.dispose()
    expect(returns).toBe(isEnded ? 0 : 1)
  })

  it('tells the whole body once it has read it', async () => {
    const tee = new Tee(['ab', Buffer.from('cd')].values(), 4)
    expect(tee.bytes).toBeUndefined()
    await tee.record()
    expect(Buffer.from(tee.bytes ?? '').toString()).toBe('abcd')
    tee.finish()
    expect(tee.bytes).toBeUndefined()
  })

  it('hands a failure of the source to each playing, and tells no body then', async () => {
    async function* source() {
      yield 'half'
      throw new Error('disk')
    }
    const tee = new Tee(source(), 100)
    await expect(all(tee.play())).rejects.toThrow('disk')
    expect(tee.replayable).toBe(true)
    expect(tee.bytes).toBeUndefined()
    await expect(all(tee.play())).rejects.toThrow('disk')
    await tee.record()
  })

  it('treats a chunk that is none as a failure', async () => {
    const tee = new Tee([undefined as never].values(), 100)
    await expect(all(tee.play())).rejects.toThrow('undefined')
  })

  it('leaves the source open between two playings, and closes it in the end', async () => {
    let closed = 0
    async function* source() {
      try {
        for (;;) yield 'x'
      } finally {
        closed += 1
      }
    }
    const tee = new Tee(source(), 100)
    await some(tee.play(), 2)
    await some(tee.play(), 3)
    expect(closed).toBe(0)
    tee.finish()
    await Promise.resolve()
    expect([closed, tee.replayable]).toEqual([1, false])
    tee.dispose()
    tee.finish()
    expect(closed).toBe(1)
  })

  it('lets a playing that is under way end before it closes the source', async () => {
    const next = deferred<string>()
    let closed = false
    async function* source() {
      try {
        yield 'a'
        yield await next.promise
      } finally {
        closed = true
      }
    }
    const tee = new Tee(source(), 100)
    const playing = tee.play()
    await playing.next()
    const rest = all({ [Symbol.asyncIterator]: () => playing })
    tee.finish()
    next.resolve('b')
    expect(await rest).toBe('b')
    expect(closed).toBe(true)
  })

  it('closes the source of a playing that is given up after the finish', async () => {
    let closed = false
    function* source() {
      try {
        for (;;) yield 'x'
      } finally {
        closed = true
      }
    }
    const tee = new Tee(source(), 100)
    const playing = tee.play()
    await playing.next()
    tee.finish()
    expect(closed).toBe(false)
    await playing.return()
    expect(closed).toBe(true)
  })

  it('closes the source although a playing was never begun that took the place of another', async () => {
    let closed = false
    function* source() {
      try {
        for (;;) yield 'x'
      } finally {
        closed = true
      }
    }
    const tee = new Tee(source(), 100)
    await tee.play().next()
    const second = tee.play()
    tee.finish()
    expect(closed).toBe(true)
    await expect(second.next()).rejects.toThrow('no further')
  })

  it('closes the source although a playing is begun that another has taken the place of', async () => {
    let closed = false
    function* source() {
      try {
        for (;;) yield 'x'
      } finally {
        closed = true
      }
    }
    const tee = new Tee(source(), 100)
    const first = tee.play()
    await some(tee.play(), 1)
    await expect(first.next()).rejects.toThrow('no further')
    tee.finish()
    expect(closed).toBe(true)
  })

  it.each([0, 1])('closes a Readable, a web stream and an iterable after %i reads', async (reads) => {
    const closed: string[] = []
    const readable = new Readable({ read() {}, destroy: (_error, done) => (closed.push('readable'), done(null)) })
    readable.push('x')
    const web = new ReadableStream(
      { pull: (controller) => controller.enqueue('x'), cancel: () => void closed.push('web') },
      { highWaterMark: 0 },
    )
    const custom: AsyncIterable<Chunk> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 'x' }),
        return: async () => (closed.push('custom'), { done: true, value: undefined }),
      }),
    }
    for (const source of [readable, web, custom]) {
      const tee = new Tee(source, 10)
      await some(tee.play(), reads)
      tee.dispose()
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed.sort()).toEqual(['custom', 'readable', 'web'])
  })

  it('takes no harm from a source that cannot be closed, or fails when it is', async () => {
    new Tee({ [Symbol.iterator]: () => ({ next: () => ({ done: true, value: undefined }) }) } as never, 1).dispose()
    const failing: AsyncIterator<Chunk> = {
      next: async () => ({ done: false, value: 'x' }),
      return: () => Promise.reject(new Error('on close')),
    }
    const tee = new Tee({ [Symbol.asyncIterator]: () => failing }, 10)
    await some(tee.play(), 1)
    tee.dispose()
    new Tee(Object.assign(Readable.from(['x']), { destroy: undefined as never }), 10).dispose()
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('a Readable that fails before it is read ends no process, and fails the playing', async () => {
    const readable = new Readable({ read() {} })
    const tee = new Tee(readable, 10)
    readable.destroy(new Error('gone'))
    await new Promise((resolve) => setImmediate(resolve))
    await expect(all(tee.play())).rejects.toThrow('gone')
  })

  it('ignores what still arrives after it has let go of the source', async () => {
    const late = deferred<string>()
    const tee = new Tee(
      (async function* () {
        yield await late.promise
      })(),
      10,
    )
    const reading = tee.play().next()
    tee.dispose()
    late.resolve('late')
    await expect(reading).rejects.toThrow('no further')
  })

  it('breaks a playing off, and does not end it, once it no longer counts: a piece must not pass for the whole', async () => {
    for (const overtake of [(tee: Tee) => void tee.play(), (tee: Tee) => tee.dispose()]) {
      const tee = new Tee(['x', 'y'], 10)
      const playing = tee.play()
      expect(await playing.next()).toEqual({ done: false, value: 'x' })
      overtake(tee)
      await expect(playing.next()).rejects.toThrow('no further')
    }
  })
})

describe('Tee.record', () => {
  it('reads ahead up to the limit, and lets go of what is longer', async () => {
    let closed = false
    let given = 0
    async function* source() {
      try {
        for (;;) {
          given += 10
          yield 'x'.repeat(10)
        }
      } finally {
        closed = true
      }
    }
    const tee = new Tee(source(), 35)
    await tee.record()
    expect([given, closed, tee.replayable]).toEqual([40, true, false])
  })

  it('stops for a playing, which then reads on beyond the limit', async () => {
    const gate = deferred()
    async function* source() {
      yield 'a'.repeat(10)
      await gate.promise
      for (let i = 0; i < 5; i++) yield 'b'.repeat(10)
    }
    const tee = new Tee(source(), 20)
    const recording = tee.record()
    await new Promise((resolve) => setImmediate(resolve))
    expect(tee.replayable).toBe(true)
    const playing = all(tee.play())
    gate.resolve()
    expect(await playing).toBe('a'.repeat(10) + 'b'.repeat(50))
    await recording
  })
})

import { EventEmitter } from 'node:events'
import { PassThrough, Readable, Stream } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import { describe, expect, it } from '@jest/globals'
import { FormData } from 'undici'
import { requestBody } from '../../src/http/request-body.js'

function* generator() {
  yield 'x'
}
async function* asyncGenerator() {
  yield 'x'
}

describe('requestBody', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a Buffer', Buffer.from('x')],
    ['a typed array', new Uint8Array(3)],
    ['an ArrayBuffer', new ArrayBuffer(3)],
    ['a Blob', new Blob(['x'])],
    ['a form', new FormData()],
    ['an array of Buffers', [Buffer.from('x'), Buffer.from('y')]],
    ['a Set', new Set(['x'])],
  ])('hands %s over as it is, as often as needed', (_name, body) => {
    const given = requestBody(body, 0)
    expect(given.next()).toBe(body)
    given.finish()
    given.dispose()
    expect([given.next() === body, given.replayable]).toEqual([true, true])
  })

  it.each([
    ['a generator', () => generator()],
    ['an async generator', () => asyncGenerator()],
    ['a Readable', () => Readable.from(['x'])],
    ['a PassThrough', () => new PassThrough().end('x')],
    ['a web stream', () => ReadableStream.from(['x'])],
    ['an array’s iterator', () => ['x'].values()],
    [
      'an iterable that hands the same iterator out each time',
      () => {
        const rows = ['x'].values()
        return { [Symbol.iterator]: () => rows }
      },
    ],
    ['an iterable that hands its async iterator out', () => ({ [Symbol.asyncIterator]: asyncGenerator })],
  ])('records %s up to the limit', async (_name, make) => {
    for (const [limit, replayable] of [
      [1, true],
      [0, false],
    ] as const) {
      const given = requestBody(make(), limit)
      const sent: unknown[] = []
      for await (const chunk of given.next() as AsyncIterable<unknown>) sent.push(String(chunk))
      expect([sent, given.replayable]).toEqual([['x'], replayable])
      given.finish()
      expect(given.replayable).toBe(false)
      given.dispose()
    }
  })

  it('hands a stream of the old kind over once only: form-data’s cannot be iterated', () => {
    const old = Object.assign(new Stream(), { destroyed: 0, destroy: () => (old.destroyed += 1) })
    const given = requestBody(old, 1_000_000)
    expect([given.next() === old, given.replayable]).toEqual([true, false])
    given.finish()
    expect(old.destroyed).toBe(0)
    given.dispose()
    expect(old.destroyed).toBe(1)
    requestBody(Object.assign(new EventEmitter(), { pipe() {} }), 0).dispose()
  })
})

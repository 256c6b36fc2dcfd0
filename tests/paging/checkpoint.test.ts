import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readCheckpoint, writeCheckpoint } from '../../src/paging/checkpoint.js'
import { cursorPosition } from '../../src/paging/pages-by-cursor.js'
import { numberedPosition } from '../../src/paging/pages-by-number.js'

const subject = { endpoint: 'users', query: { state: 'active', expand: ['presence'] } }

describe('a checkpoint', () => {
  it('gives back the position that was written, as a string that fits a URL', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (position) => {
        const checkpoint = writeCheckpoint(subject, position)
        expect(checkpoint).toMatch(/^[\w-]+$/)
        expect(JSON.stringify(readCheckpoint(subject, checkpoint))).toBe(JSON.stringify(position))
      }),
    )
  })

  it('is of the same query however its members are ordered, and whatever of it is undefined', () => {
    const checkpoint = writeCheckpoint({ endpoint: 'users', query: { a: { x: 1, y: [{ p: 1, q: 2 }] }, b: 2 } }, 7)
    const query = { left: undefined, b: 2, a: { y: [{ q: 2, p: 1 }], x: 1 } }
    expect(readCheckpoint({ endpoint: 'users', query }, checkpoint)).toBe(7)
  })

  it.each([
    { endpoint: 'users', query: { state: 'active', expand: [] } },
    { endpoint: 'users', query: { state: 'inactive', expand: ['presence'] } },
    { endpoint: 'users', query: { expand: ['presence'] } },
    { endpoint: 'users', query: null },
    { endpoint: 'queues', query: subject.query },
  ])('is not of %j', (other) => {
    const read = () => readCheckpoint(other, writeCheckpoint(subject, 1))
    expect(read).toThrow(
      expect.objectContaining({
        name: 'EverbearerError',
        code: 'invalid_checkpoint',
        message: `The checkpoint is not of ${other.endpoint} with these options: pass the same ones as in the call that made it.`,
      }),
    )
  })

  it('knows the order of a list', () => {
    const checkpoint = writeCheckpoint({ endpoint: 'x', query: ['a', 'b'] }, 1)
    expect(() => readCheckpoint({ endpoint: 'x', query: ['b', 'a'] }, checkpoint)).toThrow()
  })

  it('refuses everything else, whatever it is', () => {
    const forged = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url')
    const given = [
      '',
      '!',
      'null',
      undefined,
      7,
      {},
      forged(null),
      forged([]),
      forged({ version: 2 }),
      forged({ version: 1 }),
    ]
    for (const checkpoint of given) {
      const message = expect.stringMatching(
        /^The checkpoint is not (one, or of another version|of users with)/,
      ) as unknown
      expect(() => readCheckpoint(subject, checkpoint as string)).toThrow(
        expect.objectContaining({ code: 'invalid_checkpoint', message }),
      )
    }
    fc.assert(
      fc.property(fc.string(), (checkpoint) => {
        expect(() => readCheckpoint(subject, checkpoint)).toThrow(
          expect.objectContaining({ code: 'invalid_checkpoint' }),
        )
      }),
    )
  })

  it('holds a position that its listing can read, or is damaged', () => {
    for (const read of [numberedPosition, cursorPosition]) {
      for (const position of [undefined, null, 7, 'x', [], {}, { row: 0 }, { page: 1.5, row: 0, cursor: 7 }]) {
        expect(() => read(position)).toThrow(expect.objectContaining({ code: 'invalid_checkpoint' }))
      }
    }
    expect(numberedPosition({ page: 2, row: 3, more: 4 })).toEqual({ page: 2, row: 3 })
    expect(cursorPosition({ cursor: null, row: 3 })).toEqual({ cursor: null, row: 3 })
  })

  it('is a short string of version 1, which a later version can still tell', () => {
    const content = (query: unknown) =>
      JSON.parse(Buffer.from(writeCheckpoint({ endpoint: 'x', query }, 7), 'base64url').toString()) as { of: string }
    expect(content(null)).toEqual({ version: 1, of: expect.stringMatching(/^[\w-]{16}$/) as unknown, position: 7 })
    expect(content([]).of).not.toBe(content({}).of)
  })

  it('shows nothing of the query', () => {
    const checkpoint = writeCheckpoint({ endpoint: 'x', query: { name: 'somebody' } }, 1)
    expect(Buffer.from(checkpoint, 'base64url').toString()).not.toContain('somebody')
  })
})

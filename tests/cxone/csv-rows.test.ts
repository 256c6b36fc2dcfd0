import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { csvRows } from '../../src/cxone/csv-rows.js'
import { all, errorOf } from '../platform/connection.js'

/** The bytes of a text, in chunks that end wherever these numbers say, within a character too. */
async function* chunks(text: string, ends: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  let from = 0
  for (const end of [...ends.map((end) => end % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(from, end)
    from = end
  }
}

const rows = (text: string) => all(csvRows(chunks(text)))
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

describe('the rows of a CSV file', () => {
  test('have the names of its first line', async () => {
    expect(await rows('id,name\n1,Ada\n2,"Grace, Hopper"\n')).toEqual([
      { id: '1', name: 'Ada' },
      { id: '2', name: 'Grace, Hopper' },
    ])
  })

  test('are texts as they stand there: blank ones, numbers, line breaks and quotes within quotes', async () => {
    expect(await rows('a,b,c\r\n, 01 ,"x ""y""\r\nz"\r\n')).toEqual([{ a: '', b: ' 01 ', c: 'x "y"\r\nz' }])
  })

  test('are none in a file without rows, or without anything', async () => {
    expect(await rows('')).toEqual([])
    expect(await rows('id,name\n')).toEqual([])
    expect(await rows('id,name')).toEqual([])
  })

  test('begin after a byte order mark, and end with or without a line break', async () => {
    expect(await rows('\uFEFFid\n1')).toEqual([{ id: '1' }])
    expect(await rows('\uFEFF"id"\n1\n')).toEqual([{ id: '1' }])
  })

  test('are not made of blank lines, unless there is one column', async () => {
    expect(await rows('a,b\n\n1,2\n\n')).toEqual([{ a: '1', b: '2' }])
    expect(await rows('a\n\n1\n')).toEqual([{ a: '' }, { a: '1' }])
  })

  test('may have a column of any name', async () => {
    const [row] = await rows('__proto__,constructor,\n1,2,3\n')
    expect(Object.entries(row!)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['', '3'],
    ])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  })

  test('are the same however the file is cut into chunks, within a character too', async () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', ',', '"', '\n', '\r\n', 'ä€😀'))
    const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(), { maxLength: 8 }), async (cells, ends) => {
        const text = ['a,b,c', ...cells.map((row) => row.map(quoted).join(','))].join('\n')
        expect(await all(csvRows(chunks(text, ends)))).toEqual(cells.map(([a, b, c]) => ({ a, b, c })))
      }),
      { numRuns: 100 },
    )
  })
})

describe('what is no CSV file', () => {
  test.each([
    ['a row with another number of cells', 'a,b\n1,2\nsecret-cell\n', 'has 1 cells in row 3, and 2 columns'],
    ['a quote that never ends', 'a,b\n1,2\n3,"secret-cell\n', 'cannot be read after row 2 (CSV_'],
    ['a quote in the middle', 'a,b\n1,secret-cell"x"\n', 'cannot be read after row 1 ('],
    ['two columns of one name', 'a,secret-cell,secret-cell\n', 'has two columns of one name'],
  ])('%s is told, without a cell', async (_name, text, words) => {
    const error = await errorOf(rows(text))
    expect(error).toMatchObject({ code: 'api_response_invalid', message: expect.stringContaining(words) as unknown })
    expect(String(error.stack)).not.toContain('secret-cell')
  })

  test('a cell without an end is given up before it fills the memory', async () => {
    let sent = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b\n1,"')
      for (const chunk = Buffer.alloc(65_536, 'x'); ; sent += chunk.length) yield chunk
    }
    await expect(all(csvRows(endless()))).rejects.toMatchObject({ code: 'api_response_invalid' })
    expect(sent).toBeLessThan(8 * 1024 * 1024)
  })
})

describe('the bytes', () => {
  test('are read no faster than the rows', async () => {
    let sent = 0
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a\n')
      for (; ; sent++) yield Buffer.from(`${sent}\n`.repeat(1_000))
    }
    for await (const _row of csvRows(lines())) if (sent > 0) break
    expect(sent).toBeLessThan(200)
  })

  test('are left when the rows are left', async () => {
    let left = false
    async function* lines(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('a\n')
      } finally {
        left = true
      }
    }
    for await (const _row of csvRows(lines())) break
    await new Promise(setImmediate)
    expect(left).toBe(true)
  })

  test('that break off are the error of the rows, after those that came whole', async () => {
    const broken = new Error('broken')
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`a,b\n${'1,2\n'.repeat(100)}3,`)
      await new Promise(setImmediate)
      throw broken
    }
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const row of csvRows(lines())) seen.push(row)
    })()
    await expect(reading).rejects.toBe(broken)
    // The parser looks a few bytes ahead.
    expect(seen.length).toBeGreaterThan(95)
  })
})

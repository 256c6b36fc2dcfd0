import { beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const REQUESTS = 2_000

let output: string
beforeAll(async () => {
  const program = ['--expose-gc', 'tools/run.mjs', 'tests/soak/main.ts', '--requests', String(REQUESTS), '--seed', '1']
  const cwd = join(import.meta.dirname, '../..')
  output = (await promisify(execFile)(process.execPath, program, { cwd, timeout: 60_000 })).stdout
}, 60_000)

/** The counts of a line such as `left: timers 0, sockets 0`. */
function countsOf(name: string): Record<string, number> {
  const line = new RegExp(`^${name}.*?: (?<counts>.+)$`, 'm').exec(output)?.groups?.['counts'] ?? ''
  return Object.fromEntries(
    line.split(', ').map((count) => [count.replace(/ \d+$/, ''), Number(/\d+$/.exec(count)?.[0])]),
  )
}

/** The columns of the table, from its ten rows. */
function column(index: number): number[] {
  const rows = output.split('\n').filter((line) => /^ +\d+ /.test(line))
  return rows.map((row) => Number(row.trim().split(/ +/)[index]))
}

describe('a short soak', () => {
  it('ends every request, many of them well, and some as they should not', () => {
    const ended = countsOf('ended')
    expect(Object.values(ended).reduce((sum, count) => sum + count, 0)).toBe(REQUESTS)
    expect(ended['ok']).toBeGreaterThan(100)
    expect(ended['aborted']).toBeGreaterThan(10)
    expect(ended).not.toHaveProperty('wrong answer')
    expect(column(0)).toEqual(Array.from({ length: 10 }, (_, i) => (REQUESTS * (i + 1)) / 10))
  })

  it('sends none without a token', () => {
    expect(countsOf('served')).toMatchObject({ naked: 0, accepted: expect.any(Number) })
  })

  it('leaves no listener on a signal that many requests shared, not even between two tenths', () => {
    expect(column(4)).toEqual(Array.from({ length: 10 }, () => 0))
  })

  it('leaves no timer, socket or listener when all is closed [R37]', () => {
    expect(countsOf('left')).toEqual({ timers: 0, sockets: 0, keptAlive: 0, listeners: 0 })
    expect(output).toMatch(/^exchanges: .* left: timers 0, listeners 0$/m)
  })

  it('finds no fault, and says with which seed', () => {
    expect(output).not.toMatch(/^fault/m)
    expect(output.trimEnd()).toMatch(/\nsoak: 2000 requests, seed 1, heap slope: .* bytes\/request, flat$/)
  })
})

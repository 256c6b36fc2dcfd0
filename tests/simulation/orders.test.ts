import { describe, expect, it } from '@jest/globals'
import { orders } from './orders.js'

describe('what the command line asks for', () => {
  it('is ten thousand histories by a random seed unless it says otherwise', () => {
    const asked = orders([])
    expect(asked).toMatchObject({ histories: 10_000, path: undefined })
    expect(Number.isInteger(asked.seed) && asked.workers > 0).toBe(true)
    expect(orders(['700', '--seed=-5', '--workers', '3'])).toMatchObject({ histories: 700, seed: -5, workers: 3 })
    expect(orders(['--seed', '2', '--path', '3:0:1'])).toMatchObject({ histories: 1, seed: 2, path: '3:0:1' })
  })

  it.each([
    [['many'], "The number of histories must be a whole number from 1 up, not 'many'."],
    [['0'], "The number of histories must be a whole number from 1 up, not '0'."],
    [['1', '2'], "Unexpected argument '2'."],
    [['--seed', '1.5'], "--seed takes a whole number of 32 bits, not '1.5'."],
    [['--seed', '4294967296'], "--seed takes a whole number of 32 bits, not '4294967296'."],
    [['--path', '3:1'], '--path needs its --seed.'],
    [['--seed', '1', '--path', 'x'], "--path takes numbers and colons, not 'x'."],
    [['--workers', '0'], "--workers must be a whole number from 1 up, not '0'."],
    [['--color'], "Unknown option '--color'."],
    [['--seed'], "Option '--seed <value>' argument missing."],
  ])('%j: %s', (args, message) => {
    expect(() => orders(args)).toThrow(`${message} usage: npm run histories -- `)
  })
})

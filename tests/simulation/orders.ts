import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

const USAGE = 'usage: npm run histories -- [how many] [--seed S] [--path P] [--workers N]'

/** What the command line asks for. */
export interface Orders {
  readonly histories: number
  readonly seed: number
  readonly path: string | undefined
  readonly workers: number
}

/** Throws an error of one line that says what is wrong. */
export function orders(args: string[]): Orders {
  try {
    return read(args)
  } catch (error) {
    const [what] = (error as Error).message.split(/\n|\. To specify/)
    throw new TypeError(`${what!.replace(/\.$/, '')}. ${USAGE}`, { cause: error })
  }
}

function read(args: string[]): Orders {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seed: { type: 'string' }, path: { type: 'string' }, workers: { type: 'string' } },
  })
  if (positionals.length > 1) throw new TypeError(`Unexpected argument '${positionals[1]!}'`)
  const { path } = values
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
    throw new TypeError(`--path takes numbers and colons, not '${path}'`)
  if (path !== undefined && values.seed === undefined) throw new TypeError('--path needs its --seed')
  return {
    histories: natural('The number of histories', positionals[0] ?? (path === undefined ? '10000' : '1')),
    seed: values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : integer('--seed', values.seed),
    path,
    workers: natural('--workers', values.workers ?? String(availableParallelism())),
  }
}

function integer(name: string, text: string): number {
  const value = Number(text)
  if (/^-?\d{1,10}$/.test(text) && (value | 0) === value) return value
  throw new TypeError(`${name} takes a whole number of 32 bits, not '${text}'`)
}

function natural(name: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new TypeError(`${name} must be a whole number from 1 up, not '${text}'`)
}

import { parseArgs } from 'node:util'

export interface CommandOrders {
  readonly json: boolean
  readonly pairs: number
  /** The names of the sections to run; all of them when it is empty. */
  readonly only: readonly string[]
}

export class WrongOrders extends Error {}

export const USAGE = `Usage: npm run bench -- [--json] [--pairs 15] [--only <section>]…`

/** What the command line asks for. Throws {@link WrongOrders} with a line for a person. */
export function ordersOf(args: readonly string[], sections: readonly string[]): CommandOrders {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        pairs: { type: 'string', default: '15' },
        only: { type: 'string', multiple: true, default: [] },
      },
    }))
  } catch (error) {
    throw new WrongOrders((error as Error).message)
  }
  const { json, pairs, only } = values
  if (!/^[1-9]\d{0,3}$/.test(pairs)) throw new WrongOrders(`--pairs must be a number from 1 to 9999, not ${pairs}`)
  const unknown = only.find((name) => !sections.includes(name))
  if (unknown !== undefined) throw new WrongOrders(`There is no section ${unknown}, only ${sections.join(', ')}`)
  return { json, pairs: Number(pairs), only }
}

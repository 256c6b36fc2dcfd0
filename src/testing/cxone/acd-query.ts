import { parseMoment } from '../platform/moment.js'
import { badRequest } from './refusals.js'

/** The parameters of an ACD call, read by their names. Throws 400 for one of a wrong kind, and for one that is not known. */
export class AcdQuery {
  readonly #parameters: URLSearchParams

  constructor({ searchParams }: URL, known: readonly string[]) {
    const unknown = [...searchParams.keys()].find((name) => !known.includes(name))
    if (unknown !== undefined)
      throw badRequest(`The parameter ${unknown} is not known, or not modelled by the simulator.`)
    this.#parameters = searchParams
  }

  text(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined
  }

  whole(name: string): number | undefined {
    return this.#read(name, 'a whole number', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined))
  }

  truth(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (text) => ({ true: true, false: false })[text.toLowerCase()])
  }

  /** Milliseconds since the epoch. */
  moment(name: string): number | undefined {
    return this.#read(name, 'an ISO-8601 date and time', (text) => {
      const moment = parseMoment(text)
      return Number.isNaN(moment) ? undefined : moment
    })
  }

  /** The names in `fields`, all of them known. */
  fields(known: readonly string[]): readonly string[] | undefined {
    const text = this.text('fields')
    if (text === undefined) return undefined
    const names = text.split(',').map((name) => name.trim())
    for (const name of names) if (!known.includes(name)) throw badRequest(`There is no field [${name}].`)
    return names
  }

  /** `orderBy`: a field that can be sorted by, and `asc` or `desc`. */
  order(fields: readonly string[]): { field: string; descending: boolean } | undefined {
    return this.#read('orderBy', `one of ${fields.join(', ')}, and asc or desc`, (text) => {
      const [, field = '', direction = 'asc'] = /^(\w+)(?: +(asc|desc))?$/i.exec(text) ?? []
      return fields.includes(field) ? { field, descending: direction.toLowerCase() === 'desc' } : undefined
    })
  }

  #read<T>(name: string, what: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parse(text)
    if (value === undefined) throw badRequest(`${name} [${text}] is not ${what}.`)
    return value
  }
}

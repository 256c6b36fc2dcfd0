import type { EverbearerError } from '../base/errors.js'
import { checkBoolean, checkText, invalidOption } from '../base/options.js'
import { commaList } from '../platform/comma-list.js'
import { checkedMoment } from '../platform/moment.js'

/** Checks one option, which may be absent, and gives what is sent. Throws {@link EverbearerError} `invalid_option`, as do all. */
export type Parameter = (option: string, value: never) => string | boolean | undefined

/** What is sent of some options, each checked by its own rule. */
export function parameters<Rules extends Readonly<Record<string, Parameter>>>(
  options: { readonly [Name in keyof Rules]?: unknown },
  rules: Rules,
): { [Name in keyof Rules]?: string | boolean } {
  const sent = Object.entries(rules).map(([name, rule]) => [name, rule(name, options[name] as never)])
  return Object.fromEntries(sent) as { [Name in keyof Rules]?: string | boolean }
}

export function text(option: string, value: string | undefined): string | undefined {
  checkText(option, value)
  return value
}

export function truth(option: string, value: boolean | undefined): boolean | undefined {
  checkBoolean(option, value)
  return value
}

/** NICE takes UTC alone. */
export function utc(option: string, value: string | undefined): string | undefined {
  const time = checkedMoment(option, value)
  return time === undefined ? undefined : new Date(time).toISOString()
}

export function number(option: string, value: number | string | undefined): string | undefined {
  return value === undefined ? undefined : wholeNumber(option, value)
}

/** Where a number is too long for JavaScript, it is a text. */
export function wholeNumber(option: string, value: number | string): string {
  const digits = Number.isSafeInteger(value) ? String(value) : value
  if (typeof digits === 'string' && /^\d+$/.test(digits)) return digits
  throw invalidOption(option, 'must be a whole number, or a text of digits')
}

/** The fields that rows are to have, and the one that they are told apart by; undefined: all that there are. */
export function fieldsWith(id: string, fields: readonly string[] | undefined): readonly string[] | undefined {
  return commaList('fields', fields) === undefined ? undefined : [...new Set([...(fields as string[]), id])]
}

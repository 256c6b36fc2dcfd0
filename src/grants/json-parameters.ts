import type { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'
import { Secret } from '../base/secret.js'
import { writeJson } from '../protocol/json.js'

/** Each as JSON writes it: an identity holds texts alone. Throws {@link EverbearerError} `invalid_option`. */
export function jsonTexts(
  option: string,
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw invalidOption(option, 'must be an object of what JSON can hold')
  }
  const texts = Object.entries(parameters).map(([name, value]) => {
    // As JSON a Secret is a placeholder, and that would be sent.
    const text = value instanceof Secret ? undefined : writeJson(value)
    if (text === undefined) throw invalidOption(option, `must hold what JSON can hold: ${name} is nothing of that`)
    return [name, text]
  })
  return Object.fromEntries(texts) as Readonly<Record<string, string>>
}

/** The members of a body: those that {@link jsonTexts} wrote as they were, and a list of what comes more than once. */
export function jsonMembers(
  parameters: Iterable<readonly [name: string, value: string]>,
  written: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const members = new Map<string, unknown>()
  for (const [name, text] of parameters) {
    const value: unknown = Object.hasOwn(written, name) ? JSON.parse(text) : text
    members.set(name, members.has(name) ? [members.get(name), value].flat() : value)
  }
  return Object.fromEntries(members)
}

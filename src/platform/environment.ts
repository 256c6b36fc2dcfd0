import { EverbearerError } from '../base/errors.js'
import { invalidOption } from '../base/options.js'

/** Such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads environment variables. An empty or blank one counts as missing, as in a shell script that exports an unset one.
 * Throws {@link EverbearerError} `invalid_option`.
 */
export function environmentReader(env: Environment): (name: string) => string | undefined {
  if (typeof env !== 'object' || env === null) throw invalidOption('env', 'must be an object such as process.env')
  return (name) => {
    // In JavaScript it may be anything.
    const value: unknown = Object.hasOwn(env, name) ? env[name] : undefined
    return typeof value === 'string' && value.trim() !== '' ? value : undefined
  }
}

/**
 * The values of variables, under names of ours. Throws {@link EverbearerError} `missing_environment`, naming all that are
 * missing, and `instead`, what would do as well.
 */
export function required<Name extends string>(
  read: (name: string) => string | undefined,
  variables: Readonly<Record<Name, string>>,
  instead?: string,
): Record<Name, string> {
  const entries = Object.entries<string>(variables)
  const missing = entries.map(([, variable]) => variable).filter((variable) => read(variable) === undefined)
  if (missing.length > 0) {
    const list = missing.join(', ') + (instead === undefined ? '' : ` (or ${instead})`)
    throw new EverbearerError('missing_environment', `Missing or empty environment variables: ${list}.`)
  }
  return Object.fromEntries(entries.map(([name, variable]) => [name, read(variable)])) as Record<Name, string>
}

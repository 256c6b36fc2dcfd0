import { inspect } from 'node:util'

const PLACEHOLDER = '[redacted]'

/**
 * A string that cannot be printed by accident: `String()`, template literals, `JSON.stringify`, `util.inspect` and
 * `console.log` show `[redacted]`. Only {@link Secret.reveal} hands the value out, so each use stands out in review.
 *
 * @example
 * ```js
 * import { Secret } from 'everbearer'
 *
 * const secret = new Secret('hunter2')
 * console.log(`${secret}`, JSON.stringify({ secret })) // [redacted] {"secret":"[redacted]"}
 * secret.reveal() // 'hunter2'
 * ```
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. */
  reveal(): string {
    return this.#value
  }

  /** Whether both hold the same value. */
  equals(other: Secret): boolean {
    return this.#value === other.#value
  }

  toString(): string {
    return PLACEHOLDER
  }

  toJSON(): string {
    return PLACEHOLDER
  }

  [inspect.custom](): string {
    return PLACEHOLDER
  }
}

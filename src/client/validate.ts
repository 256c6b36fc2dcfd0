import { SchemaError } from '../base/errors.js'
import type { HideSecrets } from '../protocol/error-response.js'
import { printable } from '../protocol/printable.js'
import type { StandardSchema } from './standard-schema.js'

/**
 * The value as the schema gives it. Throws {@link SchemaError} with the path of the first thing that does not fit. Schemas
 * quote keys and values of the answer, in which `hide` finds what the API echoed of the request.
 */
export async function validate<Output>(
  value: unknown,
  schema: StandardSchema<Output>,
  what: string,
  hide: HideSecrets,
): Promise<Output> {
  const result = await schema['~standard'].validate(value)
  if (!result.issues) return result.value
  const [issue] = result.issues
  const parts = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
  // A path may lead through keys that a customer chose.
  const path = printable(hide(parts.join('.')), 200) ?? ''
  const where = path === '' ? '' : ` at ${path}`
  throw new SchemaError(
    `The answer to ${what} does not fit its schema${where}: ${printable(hide(issue?.message ?? ''), 300) ?? 'no reason given'}.`,
    path,
  )
}

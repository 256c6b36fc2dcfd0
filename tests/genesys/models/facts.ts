import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Field {
  readonly type: string
  readonly required?: boolean
  readonly values?: readonly string[]
}

/** interface -> field -> what is known of it, as tools/models holds it. */
export const { models } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../tools/models/genesys.json'), 'utf8'),
) as { models: Record<string, Record<string, Field>> }

/** `Array<User>` and `{ [key: string]: string; }` hold one other type; the others hold none. */
export function itemType(type: string): string | undefined {
  return /^Array<(.+)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
}

/** A value with every field of this model, and of the models in it; one inside itself has nothing but what it needs. */
export function sample(type: string, values?: readonly string[], within: readonly string[] = []): unknown {
  const item = itemType(type)
  if (item) {
    const held = sample(item, values, within)
    return type.startsWith('Array') ? [held] : { key: held }
  }
  const model = models[type]
  // A model that is not in the facts may hold anything.
  if (!model) return { string: values?.[0] ?? 'text', number: 1.5, boolean: false }[type] ?? { anything: [1] }
  if (within.includes(type)) return type === 'User' ? { id: 'id' } : {}
  const fields = Object.entries(model).map(([name, field]) => [
    name,
    sample(field.type, field.values, [...within, type]),
  ])
  return Object.fromEntries(fields)
}

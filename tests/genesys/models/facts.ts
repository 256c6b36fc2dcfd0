import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Field {
  readonly type: string
  readonly required?: boolean
  readonly values?: readonly string[]
}

/** interface -> field -> what is known of it, as tools/genesys-models holds it. */
export const { models } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../tools/genesys-models/models.json'), 'utf8'),
) as { models: Record<string, Record<string, Field>> }

/** `Array<User>` and `{ [key: string]: string; }` hold one other type; the others hold none. */
export function itemType(type: string): string | undefined {
  return /^Array<(.+)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
}

/** A value with every field of this model, and the models in it likewise, a few levels down. */
export function sample(type: string, values?: readonly string[], levels = 12): unknown {
  const item = itemType(type)
  if (item && type.startsWith('Array')) return levels > 0 ? [sample(item, values, levels - 1)] : []
  if (item) return { key: sample(item, values, levels - 1) }
  const model = models[type]
  if (!model) return { string: values?.[0] ?? 'text', number: 1.5, boolean: false }[type]
  if (levels <= 0) return type === 'User' ? { id: 'id' } : {}
  const fields = Object.entries(model).map(([name, field]) => [name, sample(field.type, field.values, levels - 1)])
  return Object.fromEntries(fields)
}

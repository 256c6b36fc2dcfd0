import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Field {
  readonly type: string
  readonly required?: boolean
  readonly values?: readonly string[]
}

/** model -> field -> what is known of it */
export type Models = Readonly<Record<string, Readonly<Record<string, Field>>>>

export type Platform = 'genesys' | 'cxone'

/** What is known of a platform's models, as tools/models holds it. */
export function factsOf(platform: Platform): Models {
  const path = join(import.meta.dirname, `../../../tools/models/${platform}.json`)
  return (JSON.parse(readFileSync(path, 'utf8')) as { models: Models }).models
}

/** `Array<User>` and `{ [key: string]: string; }` hold one other type; the others hold none. */
export function itemType(type: string): string | undefined {
  return /^Array<(.+)>$/.exec(type)?.[1] ?? /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
}

/** This type as our code has it: one that is not in the facts may be anything. */
export function typeKnown(models: Models, type: string): string {
  const inner = itemType(type) ?? type
  return SIMPLE.has(inner) || inner in models ? type : type.replace(inner, 'unknown')
}

const SIMPLE = new Map<string, unknown>([
  ['string', 'text'],
  ['number', 1.5],
  ['boolean', false],
  ['string | number', 7],
])

type Named = readonly [name: string, field: Field]

/** A value with every field of this model, and of the models in it; one inside itself has nothing but what it needs. */
export function sample(models: Models, type: string, field?: Named, within: readonly string[] = []): unknown {
  const item = itemType(type)
  if (item) {
    const held = sample(models, item, field, within)
    return type.startsWith('Array') ? [held] : { key: held }
  }
  const model = models[type]
  if (!model) return sampleOfSimple(type, field)
  if (within.includes(type)) return type === 'User' ? { id: 'id' } : {}
  const fields = Object.entries(model).map((one) => [one[0], sample(models, one[1].type, one, [...within, type])])
  return Object.fromEntries(fields) as unknown
}

function sampleOfSimple(type: string, [name, { values }]: Named = ['', { type }]): unknown {
  if (values) return values[0]
  if (type === 'number' && name.endsWith('Id')) return 7
  return SIMPLE.get(type) ?? { anything: [1] }
}

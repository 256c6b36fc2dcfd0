import { readFileSync } from 'node:fs'

/** interface -> field -> { type, required?, values? } */
export const { models } = JSON.parse(readFileSync(new URL('models.json', import.meta.url), 'utf8'))

/** `Array<User>` is a list of the model User; a type that models.json names but does not define is unknown to us. */
export function parse({ type, values }) {
  const list = /^Array<(.+)>$/.exec(type)
  if (list) return { kind: 'list', item: parse({ type: list[1], values }) }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)
  if (map) return { kind: 'map', item: parse({ type: map[1], values }) }
  if (values) return { kind: 'values', values }
  if (['string', 'number', 'boolean'].includes(type)) return { kind: type }
  return type in models ? { kind: 'model', model: type } : { kind: 'unknown' }
}

/** The model that a field holds: itself, in a list, or in a map. */
export function modelIn(parsed) {
  return parsed.kind === 'model' ? parsed.model : parsed.item && modelIn(parsed.item)
}

/** Everything that can be reached from these models, themselves included, in the order of the facts. */
export function reach(roots) {
  const found = new Set()
  const visit = (model) => {
    if (!(model in models)) throw new Error(`models.json defines no ${model}`)
    if (found.has(model)) return
    found.add(model)
    neighbours(model).forEach(visit)
  }
  roots.forEach(visit)
  return Object.keys(models).filter((model) => found.has(model))
}

/** The models that a model's fields hold. */
export function neighbours(model) {
  return Object.values(models[model]).flatMap((field) => modelIn(parse(field)) ?? [])
}

/** Whether a field of one model that holds the other closes a circle. */
export function isRecursive(from, to) {
  return reach([to]).includes(from)
}

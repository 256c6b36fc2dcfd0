import { readFileSync } from 'node:fs'

/** `string | number` is either: of some fields the documents do not say which. */
const SIMPLE = ['string', 'number', 'boolean', 'string | number']

/** What is known of a platform's models: interface -> field -> { type, required?, values? } */
export class Facts {
  constructor(name) {
    this.name = name
    this.models = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')).models
  }

  /** `Array<User>` is a list of the model User; a type that the facts name but do not define is unknown to us. */
  parse({ type, values }) {
    const list = /^Array<(.+)>$/.exec(type)
    if (list) return { kind: 'list', item: this.parse({ type: list[1], values }) }
    const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)
    if (map) return { kind: 'map', item: this.parse({ type: map[1], values }) }
    if (values) return { kind: 'values', values }
    if (SIMPLE.includes(type)) return { kind: type }
    return type in this.models ? { kind: 'model', model: type } : { kind: 'unknown' }
  }

  /** Everything that can be reached from these models, themselves included, in the order of the facts. */
  reach(roots) {
    const found = new Set()
    const visit = (model) => {
      if (!(model in this.models)) throw new Error(`${this.name} defines no ${model}`)
      if (found.has(model)) return
      found.add(model)
      this.neighbours(model).forEach(visit)
    }
    roots.forEach(visit)
    return Object.keys(this.models).filter((model) => found.has(model))
  }

  /** The models that a model's fields hold. */
  neighbours(model) {
    return Object.values(this.models[model]).flatMap((field) => modelIn(this.parse(field)) ?? [])
  }

  /** Whether a field of one model that holds the other closes a circle. */
  isRecursive(from, to) {
    return this.reach([to]).includes(from)
  }
}

/** The model that a field holds: itself, in a list, or in a map. */
export function modelIn(parsed) {
  return parsed.kind === 'model' ? parsed.model : parsed.item && modelIn(parsed.item)
}

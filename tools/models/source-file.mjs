import { modelIn } from './facts.mjs'

/** A longer list of values gets a name of its own. */
const MAX_INLINE = 6

/** Left out of the published declarations: schemas, because users have no zod, and what our own code alone reads. */
const INTERNAL = '/** @internal */\n'

/** What the generated code uses, beside other generated code. */
const HAND_WRITTEN = {
  '../../platform/models/response-schemas.ts': ['responseSchemas', 'type ResponseSchemas'],
  '../../platform/models/field.ts': [
    'id',
    'number',
    'optional',
    'optionalNumber',
    'optionalText',
    'optionalTexts',
    'optionalTruth',
    'text',
    'textOrNumber',
    'truth',
  ],
  '../../platform/models/lazy.ts': ['lazy'],
  '../../platform/models/open-enum.ts': ['openEnum'],
  '../../platform/models/row.ts': ['row'],
}

/**
 * One file of generated TypeScript. `ledger` is shared by all of them: where each model and each named list of values
 * was written first.
 */
export class SourceFile {
  #imports = new Map()
  #named = new Map()

  constructor(
    { file, responses, requests },
    { facts, read, internal, alternatives = () => undefined, ownerOfValues = (model) => model },
    ledger,
  ) {
    this.file = file
    this.facts = facts
    this.roots = responses ?? requests
    this.open = responses !== undefined
    this.read = read
    this.internal = internal
    this.alternatives = alternatives
    this.ownerOfValues = ownerOfValues
    this.ledger = ledger
    this.models = this.facts.reach(this.roots).filter((model) => !ledger.has(this.#key(model)))
    for (const model of this.models) {
      // A model that is both answered and asked has two types, since only the answered one is open.
      const name = !this.open && ledger.has(`answered ${model}`) ? `${model}Input` : model
      ledger.set(this.#key(model), { file, name })
    }
  }

  /** The file as TypeScript, before formatting. `exported` says which models' schemas other files use. */
  text(exported) {
    const types = this.models.map((model) => this.#declaration(model))
    const named = [...this.#named].map(([name, type]) => `export type ${name} = ${type}`)
    const schemas = this.open ? this.models.map((model) => this.#fullSchema(model, exported.has(model))) : []
    const roots = this.open ? this.roots.map((model) => this.#root(model)) : []
    const values = [...schemas, ...roots].join('\n\n')
    const firstLine = `// Generated, do not edit: node tools/models/generate.mjs writes this from ${this.facts.name}.`
    return [[firstLine, ...this.#importLines(values)].join('\n'), ...types, ...named, values].join('\n\n')
  }

  /** The models of other files whose schemas this file uses. */
  borrowed() {
    if (!this.open) return []
    return [...this.roots, ...this.models.flatMap((model) => this.facts.neighbours(model))].filter(
      (model) => !this.models.includes(model),
    )
  }

  // Types

  #declaration(model) {
    const { name } = this.ledger.get(this.#key(model))
    const alternatives = this.open ? undefined : this.alternatives(model)?.map((one) => this.#alternative(model, one))
    if (alternatives) return `export type ${name} = ${alternatives.join(' | ')}`
    const members = Object.entries(this.facts.models[model]).map(([field, { required = false }]) =>
      this.#member(model, field, this.open ? this.#isRequired(model, field) : required),
    )
    return `${this.internal.includes(model) ? INTERNAL : ''}export interface ${name} {\n${members.join('\n')}\n}`
  }

  /** A record with the fields that one value of `type` goes with, and without the others. */
  #alternative(model, { type, required = [], optional = [], values = {} }) {
    const members = Object.keys(this.facts.models[model]).map((field) => {
      if (field === 'type') return `type?: ${literals([type])} | undefined`
      if (field in values) {
        const { required, known } = values[field]
        return `${field}${required ? '' : '?'}: ${literals(known)}${required ? '' : ' | undefined'}`
      }
      const belongs = required.includes(field) || optional.includes(field)
      return belongs ? this.#member(model, field, required.includes(field)) : `${field}?: undefined`
    })
    return `{\n${members.join('\n')}\n}`
  }

  #member(model, field, required) {
    const type = this.#type(this.facts.parse(this.facts.models[model][field]), model, field)
    if (required) return `${field}: ${type}`
    // What is asked goes through JSON.stringify, which drops undefined; what is answered never holds it.
    return `${field}?: ${type}${this.open ? '' : ' | undefined'}`
  }

  #type(parsed, model, field) {
    switch (parsed.kind) {
      case 'list': {
        const item = this.#type(parsed.item, model, field)
        return `${this.open ? '' : 'readonly '}${/\W/.test(item) ? `(${item})` : item}[]`
      }
      case 'map':
        return `Record<string, ${this.#type(parsed.item, model, field)}>`
      case 'model':
        return this.#borrow(this.#key(parsed.model), 'type ')
      case 'values':
        return this.#typeOfValues(parsed.values, model, field)
      default:
        return parsed.kind
    }
  }

  #typeOfValues(values, model, field) {
    const type = this.open ? `${literals(values)} | (string & {})` : literals(values)
    if (values.length <= MAX_INLINE) return type
    const name = nameOfValues(this.ownerOfValues(model), field)
    const first = this.ledger.get(`values ${name}`) ?? { file: this.file, name, type }
    if (name in this.facts.models || first.type !== type)
      throw new Error(`${model}.${field}: the name ${name} is taken`)
    this.ledger.set(`values ${name}`, first)
    if (first.file === this.file) this.#named.set(name, type)
    return this.#borrow(`values ${name}`, 'type ')
  }

  // Schemas

  #fullSchema(model, exported) {
    const properties = Object.keys(this.facts.models[model]).map((field) => this.#property(model, field))
    const name = `${exported ? `${INTERNAL}export ` : ''}const full${model}: () => z.ZodType<${model}>`
    return `${name} = lazy(() => z.looseObject({\n${properties.join('\n')}\n}))`
  }

  #root(model) {
    const type = this.#borrow(this.#key(model), 'type ')
    const full = this.#borrow(this.#key(model), '', 'full')
    return `${INTERNAL}export const ${lower(model)}: ResponseSchemas<${type}> = responseSchemas(() => ${this.#envelope(model)}, ${full})`
  }

  /** What our code reads of this model, and of the models in it; of rows it reads what each must have. */
  #envelope(model) {
    const { required = [], optional = [] } = this.read[model] ?? {}
    const properties = [...required, ...optional].map((field) => {
      const part = this.#part(this.facts.parse(this.facts.models[model][field]))
      if (!part) return this.#property(model, field)
      return `${field}: ${required.includes(field) ? part : `optional(${part})`},`
    })
    return `z.looseObject({\n${properties.join('\n')}\n})`
  }

  #part({ kind, model, item }) {
    if (kind === 'model' && this.read[model]) return this.#envelope(model)
    if (kind === 'list' && this.read[item.model]?.required) return `z.array(${this.#row(item.model)})`
    return undefined
  }

  #row(model) {
    const types = this.read[model].required.map((field) => `${field}: '${this.facts.models[model][field].type}'`)
    return `row<${this.#borrow(this.#key(model), 'type ')}>({ ${types.join(', ')} })`
  }

  #property(model, field) {
    const parsed = this.facts.parse(this.facts.models[model][field])
    const schema = this.#schema(parsed, `${model}.${field}`)
    const value = this.#isRequired(model, field)
      ? (REQUIRED[schema] ?? schema)
      : (OPTIONAL[schema] ?? `optional(${schema})`)
    const target = modelIn(parsed)
    // A getter is read once, after both schemas exist.
    return target && this.facts.isRecursive(model, target)
      ? `get ${field}() { return ${value} },`
      : `${field}: ${value},`
  }

  #schema(parsed, path) {
    switch (parsed.kind) {
      case 'list':
        return `z.array(${this.#schema(parsed.item, path)})`
      case 'map':
        return `z.record(text(), ${this.#schema(parsed.item, path)})`
      case 'model':
        return `${this.#borrow(this.#key(parsed.model), '', 'full')}()`
      case 'values':
        return `openEnum('${path}', [${parsed.values.map((value) => `'${value}'`).join(', ')}])`
      default:
        return SIMPLE[parsed.kind]
    }
  }

  // Names and imports

  #isRequired(model, field) {
    return this.read[model]?.required?.includes(field) ?? false
  }

  #key(model) {
    return `${this.open ? 'answered' : 'asked'} ${model}`
  }

  /** The name of what was written under this key, imported where another file holds it. */
  #borrow(key, as, prefix = '') {
    const { file, name } = this.ledger.get(key)
    const names = this.#imports.get(file) ?? new Set()
    if (file !== this.file) this.#imports.set(file, names.add(as + prefix + name))
    return prefix + name
  }

  #importLines(values) {
    const uses = (name) => new RegExp(`(?<![.'\\w])${name}(?![\\w':])`).test(values)
    const handWritten = Object.entries(HAND_WRITTEN)
      .map(([file, names]) => [file, names.filter((name) => uses(name.replace('type ', '')))])
      .filter(([, names]) => names.length > 0)
    const lines = [...handWritten, ...this.#imports]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(
        ([file, names]) => `import ${named([...names])} from '${file.replace(/^(?!\.)/, './').replace(/ts$/, 'js')}'`,
      )
    return this.open ? ["import * as z from 'zod'", ...lines] : lines
  }
}

const SIMPLE = {
  string: 'text()',
  number: 'number()',
  boolean: 'truth()',
  'string | number': 'textOrNumber()',
  unknown: 'z.unknown()',
}

/** A number that our code needs is an id. */
const REQUIRED = { 'number()': 'id()' }

const OPTIONAL = {
  'text()': 'optionalText()',
  'number()': 'optionalNumber()',
  'truth()': 'optionalTruth()',
  'z.array(text())': 'optionalTexts()',
}

/** What an import names; one of types alone loads no module. */
function named(names) {
  const types = names.every((name) => name.startsWith('type '))
  return types ? `type { ${names.join(', ').replaceAll('type ', '')} }` : `{ ${names.join(', ')} }`
}

const literals = (values) => values.map((value) => `'${value}'`).join(' | ')

const lower = (name) => name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase())

/** The field routingStatus of a User is a UserRoutingStatus, flowType of a Flow a FlowType. */
function nameOfValues(owner, field) {
  const words = owner.split(/(?=[A-Z])/)
  const name = field[0].toUpperCase() + field.slice(1)
  const overlap = words.findIndex((_, index) => name.startsWith(words.slice(index).join('')))
  return words.slice(0, overlap < 0 ? undefined : overlap).join('') + name
}

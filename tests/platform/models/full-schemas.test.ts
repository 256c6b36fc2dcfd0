import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import { responsesOf } from './responses.js'
import { factsOf, itemType, sample, typeKnown, type Field, type Models } from './facts.js'

type Shape = Readonly<Record<string, z.core.$ZodType>>

/** The schema of what is inside an optional, a list, a map, or a step before it. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.out)
  if (schema instanceof z.ZodExactOptional) return unwrap(schema.unwrap())
  if (schema instanceof z.ZodArray) return unwrap(schema.element)
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType)
  return schema
}

/** Every model that a schema covers, with the schema of each of its fields. */
function covered(models: Models, model: string, schema: z.core.$ZodType, found = new Map<string, Shape>()) {
  if (found.has(model)) return found
  const object = unwrap(schema)
  const shape: Shape = object instanceof z.ZodObject ? object.shape : {}
  found.set(model, shape)
  for (const [name, field] of Object.entries(shape)) {
    const type = models[model]?.[name]?.type ?? ''
    const inner = itemType(type) ?? type
    if (inner in models) covered(models, inner, field, found)
  }
  return found
}

/** What a schema takes, in the words of the facts; any model is an object. */
function typeOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodExactOptional) return typeOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return `Array<${typeOf(schema.element)}>`
  if (schema instanceof z.ZodRecord) return `{ [key: string]: ${typeOf(schema.valueType)}; }`
  if (schema instanceof z.ZodUnion) return schema.options.map((option: z.core.$ZodType) => typeOf(option)).join(' | ')
  return schema._zod.def.type
}

type Path = readonly (string | number)[]

/** The value with the wrong type wherever it is known which is right; `places` are told where that is. */
function spoilt(value: unknown, places: Path[], path: Path = []): unknown {
  if (typeof value !== 'object' || value === null) {
    places.push(path)
    return typeof value === 'boolean' ? 'text' : true
  }
  if ('anything' in value) return value
  if (Array.isArray(value)) return value.map((item, index) => spoilt(item, places, [...path, index]))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoilt(item, places, [...path, name])]))
}

const platforms = [
  { platform: 'genesys', responses: responsesOf('genesys'), count: 77 },
  { platform: 'cxone', responses: responsesOf('cxone'), count: 25 },
] as const

describe.each(platforms)('the full schemas of $platform', ({ platform, responses, count }) => {
  const models = factsOf(platform)
  const all = new Map([...responses].flatMap(([model, { full }]) => [...covered(models, model, full)]))

  /** Every field that has a list of known values. */
  const enums = [...all].flatMap(([model, shape]) =>
    Object.entries(models[model] ?? {}).flatMap(([name, { values }]: [string, Field]) =>
      values ? [{ path: `${model}.${name}`, schema: unwrap(shape[name] as z.ZodType) as z.ZodType, values }] : [],
    ),
  )

  test(`cover ${count} models`, () => {
    expect(all.size).toBe(count)
  })

  test.each([...all])('have every field of %s, each of its type', (model, shape) => {
    const expected = Object.entries(models[model] ?? {}).map(([name, { type }]) => {
      const known = typeKnown(models, type)
      const inner = itemType(known) ?? known
      return [name, inner in models ? known.replace(inner, 'object') : known]
    })
    expect(Object.entries(shape).map(([name, schema]) => [name, typeOf(schema)])).toEqual(expected)
  })

  test.each([...responses])('take a complete %s, and nothing is lost', (model, { full }) => {
    const whole = sample(models, model)
    expect(full.parse(structuredClone(whole))).toEqual(whole)
  })

  test.each([...responses])('refuse each wrong type anywhere in a %s, by its path', (model, { full }) => {
    const places: Path[] = []
    const value = spoilt(sample(models, model), places)
    expect(places.length).toBeGreaterThan(0)
    expect(full.safeParse(value).error?.issues.map(({ path }) => path)).toEqual(places)
  })

  test.each(enums)('tell of a $path that is not known, and accept it', ({ path, schema, values }) => {
    const told: unknown[] = []
    const listener = (event: unknown) => void told.push(event)
    subscribe('everbearer:unknown-value', listener)
    try {
      for (const value of values) schema.parse(value)
      expect(told).toEqual([])
      expect(schema.parse('brand-new')).toBe('brand-new')
      expect(told).toEqual([{ path }])
    } finally {
      unsubscribe('everbearer:unknown-value', listener)
    }
  })

  test('know values', () => {
    expect(enums.length).toBeGreaterThan(10)
  })
})
